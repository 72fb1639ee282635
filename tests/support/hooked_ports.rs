//! The ports that a job needs, each call through a hook: what goes wrong there, or what it costs, is for
//! whoever gives one.

use async_trait::async_trait;
use bytes::Bytes;
use service::model::{
    CallbackSettings, Completion, Event, ImageType, Job, JobId, JobProgress, Message, RunEnd,
    RunTrials, ScrollToken, SnapshotType, Template, TemplateId, UnixMs, Video, VideoChange,
    VideoId, VideoInfo, VideoPage,
};
use service::picture_access::PictureAccess;
use service::ports::{
    Acceptance, CallToken, Callbacks, Events, Jobs, KeyPage, Objects, PortError, PortResult, Ports,
    Queue, Registration, SourceError, Sources, Submissions, Templates, VideoList, Videos,
};
use service::url_signature::UrlSignature;
use source::RangeSource;
use std::future::Future;
use std::sync::Arc;

/// The error of a port that did not answer.
pub trait Down {
    /// Of this call.
    fn down(call: &'static str) -> Self;
}

impl Down for PortError {
    fn down(call: &'static str) -> Self {
        Self::unavailable(call, "no answer in time")
    }
}

impl Down for SourceError {
    fn down(call: &'static str) -> Self {
        Self::Unavailable(format!("{call}: no answer in time"))
    }
}

/// What stands between a caller and a port.
pub trait PortHook: Clone + Send + Sync + 'static {
    /// A call of this name, whose effect may take place when nobody waits any more.
    fn call<T, E>(
        &self,
        name: &'static str,
        effect: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send,
        E: Down + Send;

    /// Before an object is put.
    fn putting(&self, _key: &str, _content_type: &'static str) {}

    /// When an event goes out.
    fn publishing(&self, _event: &Event) {}

    /// A file that was opened, as whoever reads it sees it.
    fn opened(&self, file: Arc<dyn RangeSource>) -> Arc<dyn RangeSource> {
        file
    }
}

struct Hooked<P: ?Sized, H> {
    inner: Arc<P>,
    hook: H,
}

fn hooked<P: ?Sized, H: PortHook>(inner: &Arc<P>, hook: &H) -> Arc<Hooked<P, H>> {
    Arc::new(Hooked {
        inner: Arc::clone(inner),
        hook: hook.clone(),
    })
}

/// `ports`, each call through `hook` but those that look up many things or none of a job.
#[must_use]
pub fn with_hook<H: PortHook>(ports: &Ports, hook: &H) -> Ports {
    Ports {
        videos: hooked(&ports.videos, hook),
        jobs: hooked(&ports.jobs, hook),
        submissions: hooked(&ports.submissions, hook),
        templates: hooked(&ports.templates, hook),
        callbacks: hooked(&ports.callbacks, hook),
        queue: hooked(&ports.queue, hook),
        objects: hooked(&ports.objects, hook),
        events: hooked(&ports.events, hook),
        sources: hooked(&ports.sources, hook),
        ..ports.clone()
    }
}

/// Passes a call on with owned arguments, so that it may take place when nobody waits any more.
macro_rules! pass {
    ($self:ident, $name:literal, $method:ident($($argument:ident),*)) => {{
        let inner = Arc::clone(&$self.inner);
        $(let $argument = $argument.to_owned();)*
        let effect = async move { inner.$method($(pass!(@ $argument)),*).await };
        $self.hook.call($name, effect).await
    }};
    (@ $argument:ident) => { &$argument };
}

#[async_trait]
impl<H: PortHook> Videos for Hooked<dyn Videos, H> {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        let inner = Arc::clone(&self.inner);
        let effect = async move { inner.register(video).await };
        self.hook.call("videos.register", effect).await
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
        self.hook.call("videos.record_replaced", effect).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let (inner, id, facts) = (Arc::clone(&self.inner), id.to_owned(), facts.clone());
        let effect = async move { inner.record_facts(&id, &facts, now_ms).await };
        self.hook.call("videos.record_facts", effect).await
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
        self.hook.call("videos.record_deletion", effect).await
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        pass!(self, "videos.delete", delete(id))
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        self.inner.list(page, after).await
    }
}

#[async_trait]
impl<H: PortHook> Jobs for Hooked<dyn Jobs, H> {
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
        self.hook.call("jobs.record_run", effect).await
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
impl<H: PortHook> Submissions for Hooked<dyn Submissions, H> {
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        pass!(self, "submissions.earlier", earlier(token))
    }

    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance> {
        let (inner, job, token) = (Arc::clone(&self.inner), job.clone(), token.cloned());
        let effect = async move { inner.accept(&job, token.as_ref()).await };
        self.hook.call("submissions.accept", effect).await
    }
}

#[async_trait]
impl<H: PortHook> Templates for Hooked<dyn Templates, H> {
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
impl<H: PortHook> Callbacks for Hooked<dyn Callbacks, H> {
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
impl<H: PortHook> Queue for Hooked<dyn Queue, H> {
    async fn send(&self, message: &Message) -> PortResult<()> {
        pass!(self, "queue.send", send(message))
    }
}

#[async_trait]
impl<H: PortHook> Objects for Hooked<dyn Objects, H> {
    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> PortResult<()> {
        let (inner, key) = (Arc::clone(&self.inner), key.to_owned());
        self.hook.putting(&key, content_type);
        let effect = async move { inner.put(&key, content_type, body).await };
        self.hook.call("objects.put", effect).await
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
        self.hook.call("objects.list", effect).await
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
impl<H: PortHook> Events for Hooked<dyn Events, H> {
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let (inner, event, hook) = (Arc::clone(&self.inner), event.clone(), self.hook.clone());
        let effect = async move {
            hook.publishing(&event);
            inner.publish(&event).await
        };
        self.hook.call("events.publish", effect).await
    }
}

#[async_trait]
impl<H: PortHook> Sources for Hooked<dyn Sources, H> {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let file = pass!(self, "sources.open", open(file_url))?;
        Ok(self.hook.opened(file))
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        self.inner.play_url(video, expires_ms).await
    }
}
