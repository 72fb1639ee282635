//! What a worker makes of a port that fails.

use super::engine;
use crate::memory::MemoryStore;
use crate::model::{CallbackSettings, Completion, Job, Message};
use crate::model::{JobId, JobProgress, JobState, RunEnd, RunTrials, SnapshotType, VideoId};
use crate::ports::{Callbacks, Jobs, PortError, PortErrorKind, PortResult, Ports};
use crate::test_suite;
use crate::worker::{DeliveryAttempt, DeliveryOutcome, Worker};
use async_trait::async_trait;
use std::sync::Arc;

/// Jobs of which none can be read.
struct BrokenJobs(PortErrorKind);

impl BrokenJobs {
    fn error<T>(&self) -> PortResult<T> {
        Err(PortError::new("jobs", self.0, "on purpose"))
    }
}

#[async_trait]
impl Jobs for BrokenJobs {
    async fn create(&self, _job: &Job) -> PortResult<()> {
        self.error()
    }
    async fn get(&self, _id: &JobId) -> PortResult<Option<Job>> {
        self.error()
    }
    async fn start(&self, _id: &JobId) -> PortResult<Option<RunTrials>> {
        self.error()
    }
    async fn record_run(&self, _id: &JobId, _end: RunEnd) -> PortResult<bool> {
        self.error()
    }
    async fn record_progress(&self, _id: &JobId, _progress: JobProgress) -> PortResult<()> {
        self.error()
    }
    async fn complete(&self, _id: &JobId, _end: &Completion) -> PortResult<Completion> {
        self.error()
    }
    async fn record_published(&self, _id: &JobId) -> PortResult<()> {
        self.error()
    }
    async fn by_video(&self, _id: &VideoId, _limit: usize) -> PortResult<Vec<Job>> {
        self.error()
    }
    async fn latest_success(&self, _id: &VideoId, _: SnapshotType) -> PortResult<Option<Job>> {
        self.error()
    }
}

/// Settings of which none can be read.
struct BrokenCallbacks;

#[async_trait]
impl Callbacks for BrokenCallbacks {
    async fn put(&self, _settings: &CallbackSettings) -> PortResult<()> {
        Err(PortError::corrupt("callbacks", "on purpose"))
    }
    async fn get(&self, _app_id: &str) -> PortResult<Option<CallbackSettings>> {
        Err(PortError::corrupt("callbacks", "on purpose"))
    }
    async fn delete(&self, _app_id: &str) -> PortResult<()> {
        Err(PortError::corrupt("callbacks", "on purpose"))
    }
}

async fn run(ports: Ports, message: Message) -> DeliveryOutcome {
    let attempt = DeliveryAttempt {
        number: 1,
        sent_ms: ports.clock.now_ms(),
    };
    Worker::new(ports, engine()).run(message, attempt).await
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_not_tried_again_for_ever() {
    let message = || test_suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1).message();
    for (kind, is_given_up) in [
        (PortErrorKind::Corrupt, true),
        (PortErrorKind::Unavailable, false),
        (PortErrorKind::Refused, false),
    ] {
        let ports = Ports {
            jobs: Arc::new(BrokenJobs(kind)),
            ..MemoryStore::default().ports()
        };
        let outcome = run(ports, message()).await;
        assert_eq!(
            outcome == DeliveryOutcome::GivenUp,
            is_given_up,
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_job_whose_video_is_gone_does_not_end() {
    let store = MemoryStore::default();
    let ports = store.ports();
    let job = test_suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
    ports.jobs.create(&job).await.unwrap();
    let outcome = run(ports.clone(), job.message()).await;
    assert_eq!(outcome, DeliveryOutcome::Done);
    let ended = ports.jobs.get(&job.id).await.unwrap().unwrap();
    assert!(matches!(ended.state, JobState::Completed(_)), "{ended:?}");
    assert!(ended.event_published);
    let events = store.events();
    let body = String::from_utf8_lossy(&events[0].body).into_owned();
    assert!(body.contains("InvalidParameter.ResourceNotFound"), "{body}");
    // A message that is delivered twice says nothing new.
    assert_eq!(run(ports, job.message()).await, DeliveryOutcome::Done);
    assert_eq!(store.events().len(), 1);
}

/// Its message was given up, and the event went with it.
#[tokio::test]
async fn an_event_waits_for_settings_that_cannot_be_read() {
    let store = MemoryStore::default();
    let ports = store.ports();
    let job = test_suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
    ports.jobs.create(&job).await.unwrap();
    let broken = Ports {
        callbacks: Arc::new(BrokenCallbacks),
        ..ports.clone()
    };
    let outcome = run(broken, job.message()).await;
    assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
    assert!(store.events().is_empty());
    assert_eq!(run(ports, job.message()).await, DeliveryOutcome::Done);
    assert_eq!(store.events().len(), 1);
}
