//! Ports that count what they are asked for.

use crate::meter::Meter;
use async_trait::async_trait;
use bytes::Bytes;
use service::model::{
    Completion, ImageType, Job, JobId, JobProgress, Message, RunEnd, RunTrials, ScrollToken,
    SnapshotType, UnixMs, Video, VideoChange, VideoId, VideoInfo, VideoPage,
};
use service::picture_access::PictureAccess;
use service::ports::{
    Jobs, KeyPage, Objects, PortResult, Ports, Queue, Registration, SourceError, Sources,
    VideoList, Videos,
};
use service::url_signature::UrlSignature;
use source::{RangeSource, ReadError};
use std::sync::{Arc, Mutex};

struct Counted<P: ?Sized> {
    inner: Arc<P>,
    meter: Arc<Meter>,
}

/// Messages that were sent, not yet received.
pub(crate) type Sent = Arc<Mutex<Vec<Message>>>;

struct SentMessages(Sent, Arc<Meter>);

/// `ports`, of which those that a worker uses are counted; what it sends goes to `sent`.
pub(crate) fn counted(ports: &Ports, meter: &Arc<Meter>, sent: &Sent) -> Ports {
    let meter = || Arc::clone(meter);
    Ports {
        jobs: Arc::new(Counted {
            inner: Arc::clone(&ports.jobs),
            meter: meter(),
        }),
        videos: Arc::new(Counted {
            inner: Arc::clone(&ports.videos),
            meter: meter(),
        }),
        objects: Arc::new(Counted {
            inner: Arc::clone(&ports.objects),
            meter: meter(),
        }),
        sources: Arc::new(Counted {
            inner: Arc::clone(&ports.sources),
            meter: meter(),
        }),
        queue: Arc::new(SentMessages(Arc::clone(sent), meter())),
        ..ports.clone()
    }
}

#[async_trait]
impl Queue for SentMessages {
    async fn send(&self, message: &Message) -> PortResult<()> {
        self.1.count(|counts| counts.sent += 1);
        self.0.lock().unwrap().push(message.clone());
        Ok(())
    }
}

#[async_trait]
impl Jobs for Counted<dyn Jobs> {
    async fn create(&self, job: &Job) -> PortResult<()> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.create(job).await
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Job>> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.get(id).await
    }

    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.start(id).await
    }

    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.record_run(id, end).await
    }

    /// How often depends on the time that this machine takes.
    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()> {
        self.inner.record_progress(id, progress).await
    }

    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.complete(id, completion).await
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.record_published(id).await
    }

    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>> {
        self.meter.count(|counts| counts.table += 1);
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
impl Videos for Counted<dyn Videos> {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        self.inner.register(video).await
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.by_id(id).await
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        self.inner.by_reference(reference_id).await
    }

    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        self.inner.record_replaced(id, size_bytes, now_ms).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.record_facts(id, facts, now_ms).await
    }

    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>> {
        self.meter.count(|counts| counts.table += 1);
        self.inner.change(id, change, now_ms).await
    }

    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()> {
        self.inner.record_deletion(id, image_type, until_ms).await
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        self.inner.delete(id).await
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        self.inner.list(page, after).await
    }
}

#[async_trait]
impl Objects for Counted<dyn Objects> {
    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> PortResult<()> {
        self.meter.count(|counts| {
            counts.s3_writes += 1;
            counts.pictures += u32::from(content_type == "image/jpeg");
        });
        self.inner.put(key, content_type, body).await
    }

    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        self.meter.count(|counts| counts.s3_reads += 1);
        self.inner.get(key).await
    }

    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        self.meter.count(|counts| counts.s3_reads += 1);
        self.inner.size(key).await
    }

    /// Free, and one after the other only where there are few.
    async fn delete(&self, key: &str) -> PortResult<()> {
        self.inner.delete(key).await
    }

    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        self.inner.delete_all(keys).await
    }

    /// A list costs as much as a write.
    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        self.meter.count(|counts| counts.s3_writes += 1);
        self.inner.list(prefix, after).await
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
impl Sources for Counted<dyn Sources> {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let file = self.inner.open(file_url).await?;
        // What a look at the object itself is.
        self.meter.count(|counts| counts.first_ranges += 1);
        let meter = Arc::clone(&self.meter);
        Ok(Arc::new(Ranges(file, meter)))
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        self.inner.play_url(video, expires_ms).await
    }
}

/// A file as an object of S3 is one: without a path, read by ranges.
#[derive(Debug)]
struct Ranges(Arc<dyn RangeSource>, Arc<Meter>);

impl RangeSource for Ranges {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.1.count(|counts| match counts.pictures {
            0 => counts.first_ranges += 1,
            _ => counts.ranges += 1,
        });
        self.0.read_at(offset, into)
    }

    fn identity(&self) -> Option<String> {
        self.0.identity()
    }
}
