//! The real ports, each call through [`ProcessPorts`].

use crate::one_picture;
use crate::process_ports::ProcessPorts;
use async_trait::async_trait;
use bytes::Bytes;
use service::model::{
    CallbackSettings, Completion, Event, ImageType, Job, JobId, JobProgress, Message, RunEnd,
    RunTrials, ScrollToken, SnapshotType, Template, TemplateId, UnixMs, Video, VideoChange,
    VideoId, VideoInfo, VideoPage,
};
use service::picture_access::PictureAccess;
use service::ports::{
    Acceptance, CallToken, Callbacks, Events, Jobs, KeyPage, Objects, PortResult, Ports, Queue,
    Registration, SourceError, Sources, Submissions, Templates, VideoList, Videos,
};
use service::url_signature::UrlSignature;
use source::RangeSource;
use std::sync::Arc;

struct Faulty<P: ?Sized> {
    inner: Arc<P>,
    process: ProcessPorts,
}

fn faulty<P: ?Sized>(inner: &Arc<P>, process: &ProcessPorts) -> Arc<Faulty<P>> {
    Arc::new(Faulty {
        inner: Arc::clone(inner),
        process: process.clone(),
    })
}

/// The ports of `process`, with its faults.
pub(crate) fn with_faults(process: &ProcessPorts) -> Ports {
    let ports = &process.ports;
    Ports {
        videos: faulty(&ports.videos, process),
        jobs: faulty(&ports.jobs, process),
        submissions: faulty(&ports.submissions, process),
        templates: faulty(&ports.templates, process),
        callbacks: faulty(&ports.callbacks, process),
        nonces: ports.nonces.clone(),
        queue: faulty(&ports.queue, process),
        objects: faulty(&ports.objects, process),
        events: faulty(&ports.events, process),
        sources: faulty(&ports.sources, process),
        uploads: ports.uploads.clone(),
        upload_files: ports.upload_files.clone(),
        clock: process.clock.clone(),
    }
}

/// Passes a call on with owned arguments, so that it may take place when nobody waits any more.
macro_rules! pass {
    ($self:ident, $name:literal, $method:ident($($argument:ident),*)) => {{
        let inner = Arc::clone(&$self.inner);
        $(let $argument = $argument.to_owned();)*
        let effect = async move { inner.$method($(pass!(@ $argument)),*).await };
        $self.process.call($name, effect).await
    }};
    (@ $argument:ident) => { &$argument };
}

#[async_trait]
impl Videos for Faulty<dyn Videos> {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        let inner = Arc::clone(&self.inner);
        let effect = async move { inner.register(video).await };
        self.process.call("videos.register", effect).await
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        pass!(self, "videos.by_id", by_id(id))
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        pass!(self, "videos.by_reference", by_reference(reference_id))
    }

    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let (inner, id) = (Arc::clone(&self.inner), id.to_owned());
        let effect = async move { inner.record_replaced(&id, size_bytes, now_ms).await };
        self.process.call("videos.record_replaced", effect).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let (inner, id, facts) = (Arc::clone(&self.inner), id.to_owned(), facts.clone());
        let effect = async move { inner.record_facts(&id, &facts, now_ms).await };
        self.process.call("videos.record_facts", effect).await
    }

    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>> {
        self.inner.change(id, change, now_ms).await
    }

    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()> {
        let (inner, id) = (Arc::clone(&self.inner), id.to_owned());
        let effect = async move { inner.record_deletion(&id, image_type, until_ms).await };
        self.process.call("videos.record_deletion", effect).await
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        pass!(self, "videos.delete", delete(id))
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        self.inner.list(page, after).await
    }
}

#[async_trait]
impl Jobs for Faulty<dyn Jobs> {
    async fn create(&self, job: &Job) -> PortResult<()> {
        pass!(self, "jobs.create", create(job))
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Job>> {
        pass!(self, "jobs.get", get(id))
    }

    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>> {
        pass!(self, "jobs.start", start(id))
    }

    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool> {
        let (inner, id) = (Arc::clone(&self.inner), id.to_owned());
        let effect = async move { inner.record_run(&id, end).await };
        self.process.call("jobs.record_run", effect).await
    }

    /// When it is called depends on the time, and so the numbers of all later calls would.
    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()> {
        self.inner.record_progress(id, progress).await
    }

    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion> {
        pass!(self, "jobs.complete", complete(id, completion))
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        pass!(self, "jobs.record_published", record_published(id))
    }

    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>> {
        self.inner.by_video(video_id, limit).await
    }

    async fn latest_success(
        &self,
        video_id: &VideoId,
        kind: SnapshotType,
    ) -> PortResult<Option<Job>> {
        self.inner.latest_success(video_id, kind).await
    }
}

#[async_trait]
impl Submissions for Faulty<dyn Submissions> {
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        pass!(self, "submissions.earlier", earlier(token))
    }

    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance> {
        let (inner, job, token) = (Arc::clone(&self.inner), job.clone(), token.cloned());
        let effect = async move { inner.accept(&job, token.as_ref()).await };
        self.process.call("submissions.accept", effect).await
    }
}

#[async_trait]
impl Templates for Faulty<dyn Templates> {
    async fn put(&self, template: &Template) -> PortResult<()> {
        pass!(self, "templates.put", put(template))
    }

    async fn replace(&self, known: &Template, now: &Template) -> PortResult<bool> {
        pass!(self, "templates.replace", replace(known, now))
    }

    async fn get(&self, id: &TemplateId) -> PortResult<Option<Template>> {
        pass!(self, "templates.get", get(id))
    }

    async fn list(&self, app_id: &str) -> PortResult<Vec<Template>> {
        pass!(self, "templates.list", list(app_id))
    }

    async fn delete(&self, id: &TemplateId) -> PortResult<bool> {
        pass!(self, "templates.delete", delete(id))
    }
}

#[async_trait]
impl Callbacks for Faulty<dyn Callbacks> {
    async fn put(&self, settings: &CallbackSettings) -> PortResult<()> {
        pass!(self, "callbacks.put", put(settings))
    }

    async fn get(&self, app_id: &str) -> PortResult<Option<CallbackSettings>> {
        pass!(self, "callbacks.get", get(app_id))
    }

    async fn delete(&self, app_id: &str) -> PortResult<()> {
        pass!(self, "callbacks.delete", delete(app_id))
    }
}

#[async_trait]
impl Queue for Faulty<dyn Queue> {
    async fn send(&self, message: &Message) -> PortResult<()> {
        pass!(self, "queue.send", send(message))
    }
}

#[async_trait]
impl Objects for Faulty<dyn Objects> {
    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> PortResult<()> {
        let (inner, key) = (Arc::clone(&self.inner), key.to_owned());
        // Before the call: whoever dies in it leaves no decoder that waits for ever.
        if let Some(until) = &self.process.until
            && one_picture::is_followed(&key)
        {
            until.end();
        }
        let effect = async move { inner.put(&key, content_type, body).await };
        self.process.call("objects.put", effect).await
    }

    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        pass!(self, "objects.get", get(key))
    }

    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        pass!(self, "objects.size", size(key))
    }

    async fn delete(&self, key: &str) -> PortResult<()> {
        pass!(self, "objects.delete", delete(key))
    }

    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        pass!(self, "objects.delete_all", delete_all(keys))
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        let inner = Arc::clone(&self.inner);
        let (prefix, after) = (prefix.to_owned(), after.map(str::to_owned));
        let effect = async move { inner.list(&prefix, after.as_deref()).await };
        self.process.call("objects.list", effect).await
    }

    fn public_url(&self, key: &str) -> String {
        self.inner.public_url(key)
    }

    async fn signed_url(&self, key: &str, expires_ms: UnixMs) -> PortResult<String> {
        self.inner.signed_url(key, expires_ms).await
    }

    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        self.inner.verify(scope, signature).await
    }

    fn access(&self) -> PictureAccess {
        self.inner.access()
    }
}

#[async_trait]
impl Events for Faulty<dyn Events> {
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let (inner, event, watch) = (
            Arc::clone(&self.inner),
            event.clone(),
            Arc::clone(&self.process.watch),
        );
        let effect = async move {
            watch.publishing(&event);
            inner.publish(&event).await
        };
        self.process.call("events.publish", effect).await
    }
}

#[async_trait]
impl Sources for Faulty<dyn Sources> {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        pass!(self, "sources.open", open(file_url))
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        self.inner.play_url(video, expires_ms).await
    }
}
