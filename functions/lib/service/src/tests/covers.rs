//! When system covers are taken, and when not: without a decoder.

use super::engine;
use crate::memory::{MemorySource, MemoryStore};
use crate::model::{
    Completion, ImageType, Job, JobResult, Message, SnapshotType, UnixMs, Video, VideoInfo,
};
use crate::ports::{Ports, SourceError, Sources, Videos};
use crate::test_suite;
use crate::worker::{DeliveryAttempt, DeliveryOutcome, Worker};
use async_trait::async_trait;
use source::{RangeSource, ReadError};
use std::sync::Arc;

/// A file with this content.
#[derive(Debug)]
struct Content(&'static str);

impl RangeSource for Content {
    fn bytes(&self) -> u64 {
        1
    }
    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        MemorySource(vec![0]).read_at(offset, into)
    }
    fn identity(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}

#[async_trait]
impl Sources for Content {
    async fn open(&self, _: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        Ok(Arc::new(Self(self.0)))
    }
    async fn play_url(&self, _: &Video, _: UnixMs) -> Result<String, SourceError> {
        Err(SourceError::NotAllowed)
    }
}

struct Bench {
    store: MemoryStore,
    video: Video,
}

impl Bench {
    async fn start() -> Self {
        let (store, video) = (MemoryStore::default(), test_suite::video());
        store.register(video.clone()).await.unwrap();
        Self { store, video }
    }

    /// Looks into the file, which has this content; the jobs of the covers that are asked for.
    async fn look_into(&self, content: &'static str) -> Vec<Message> {
        let facts = VideoInfo {
            duration_ms: 1,
            width: 1,
            height: 1,
            frame_rate: 1.0,
            codec: "h264".to_owned(),
            size_bytes: 1,
            content: Some(content.to_owned()),
        };
        self.store
            .record_facts(&self.video.id, &facts, 0)
            .await
            .unwrap();
        let ports = Ports {
            sources: Arc::new(Content(content)),
            ..self.store.ports()
        };
        let attempt = DeliveryAttempt {
            number: 1,
            sent_ms: ports.clock.now_ms(),
        };
        let video_id = self.video.id.clone();
        let worker = Worker::new(ports, engine()).with_covers(true);
        let outcome = worker.run(Message::Probe { video_id }, attempt).await;
        assert_eq!(outcome, DeliveryOutcome::Done);
        std::iter::from_fn(|| self.store.take_message()).collect()
    }

    /// The newest job, which ends with pictures of this content.
    async fn end(&self, content: &str) -> Job {
        let jobs = self.store.ports().jobs;
        let job = jobs.by_video(&self.video.id, 1).await.unwrap().remove(0);
        let mut end: Completion = test_suite::completion(true);
        if let JobResult::Success { content: taken, .. } = &mut end.result {
            *taken = Some(content.to_owned());
        }
        jobs.complete(&job.id, &end).await.unwrap();
        // The next job is newer.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        job
    }
}

/// A replaced file kept the covers of the one before.
#[tokio::test]
async fn covers_are_of_the_file_of_before() {
    let bench = Bench::start().await;
    let first = bench.look_into("one").await;
    assert!(matches!(first[..], [Message::Covers { .. }]), "{first:?}");
    assert_eq!(bench.look_into("one").await, first, "it has not ended yet");
    bench.end("one").await;
    assert_eq!(bench.look_into("one").await, [], "they are there");
    let second = bench.look_into("two").await;
    assert!(matches!(second[..], [Message::Covers { .. }]), "{second:?}");
    assert_ne!(second, first);
    // It had opened the file before that was replaced.
    bench.end("one").await;
    let third = bench.look_into("two").await;
    assert!(matches!(third[..], [Message::Covers { .. }]), "{third:?}");
    bench.end("two").await;
    assert_eq!(bench.look_into("two").await, []);
}

#[tokio::test]
async fn covers_that_were_deleted_come_back_with_the_next_file() {
    let covers = ImageType::Only(SnapshotType::CoverSnapshot);
    for (image_type, stay_away) in [
        (covers, true),
        (ImageType::All, true),
        (ImageType::Only(SnapshotType::NormalSnapshot), false),
    ] {
        let bench = Bench::start().await;
        let _ = bench.look_into("one").await;
        let job = bench.end("one").await;
        let (id, until_ms) = (&bench.video.id, job.created_ms);
        bench
            .store
            .record_deletion(id, image_type, until_ms)
            .await
            .unwrap();
        assert_eq!(
            bench.look_into("two").await.is_empty(),
            stay_away,
            "{image_type:?}"
        );
    }
}
