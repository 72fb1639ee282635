//! Uploads that meet trouble, and how they end.

use super::{Bench, FourBytes, attempt, worker};
use crate::model::{Message, UploadResult, UploadState};
use crate::ports::{
    Clock, DownloadFailure, Downloads, PortError, PortResult, RemoteFile, UploadFiles, UploadWriter,
};
use crate::test_suite;
use crate::worker::DeliveryOutcome;
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where no file can be looked for.
struct Away;

#[async_trait]
impl UploadFiles for Away {
    async fn begin(&self, _name: &str) -> PortResult<Box<dyn UploadWriter>> {
        Err(PortError::unavailable("upload files", "on purpose"))
    }
    async fn find(&self, _name: &str) -> PortResult<Option<(String, u64)>> {
        Err(PortError::unavailable("upload files", "on purpose"))
    }
    async fn used_bytes(&self) -> PortResult<u64> {
        Err(PortError::unavailable("upload files", "on purpose"))
    }
    async fn remove(&self, _name: &str) -> PortResult<()> {
        Ok(())
    }
}

#[derive(Clone, Default)]
struct SetClock(Arc<AtomicI64>);

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The time for which a machine was off counted, and what went wrong before a download ended none.
#[tokio::test]
async fn the_day_of_an_upload_begins_when_it_is_accepted_or_never_ends() {
    const HOUR_MS: i64 = 60 * 60 * 1000;
    let mut upload = test_suite::upload("http://a.example/a.mp4");
    upload.created_ms = 0;
    let bench = Bench::of(upload).await;
    let clock = SetClock::default();
    let mut ports = bench.store.ports();
    ports.upload_files = Arc::new(Away);
    ports.clock = Arc::new(clock.clone());
    let worker = worker(ports, bench.downloads.clone());
    // A weekend after it was accepted.
    for hour in [60, 61, 83] {
        clock.0.store(hour * HOUR_MS, Ordering::SeqCst);
        let outcome = worker.run(bench.message(), attempt(700)).await;
        assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "hour {hour}");
        assert!(!matches!(bench.now().await.state, UploadState::Ended(_)));
    }
    clock.0.store(84 * HOUR_MS, Ordering::SeqCst);
    let outcome = worker.run(bench.message(), attempt(701)).await;
    assert_eq!(outcome, DeliveryOutcome::Done);
    assert_eq!(bench.failure().await, "TransientFailure");
    assert_eq!(bench.store.events().len(), 1);
}

struct Panics;

impl Downloads for Panics {
    fn open(&self, _url: &str) -> Result<RemoteFile, DownloadFailure> {
        panic!("on purpose")
    }
}

/// Its message went, and nobody heard of it: PROCESSING for ever.
#[tokio::test]
async fn an_upload_that_is_given_up_does_not_end() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let worker = worker(bench.store.ports(), Arc::new(Panics));
    for number in 1..5 {
        let outcome = worker.run(bench.message(), attempt(number)).await;
        assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
    }
    let outcome = worker.run(bench.message(), attempt(5)).await;
    assert_eq!(outcome, DeliveryOutcome::Done);
    assert_eq!(bench.failure().await, "TransientFailure");
    assert_eq!(bench.store.events().len(), 1);
}

/// The call sends the message first, and may die then.
#[tokio::test]
async fn an_upload_that_is_not_yet_written_loses_its_message() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let (ports, early) = (
        bench.store.ports(),
        test_suite::upload("http://a.example/b.mp4"),
    );
    let message = Message::Upload {
        job_id: early.id.clone(),
    };
    let worker = worker(ports.clone(), Arc::<FourBytes>::default());
    let outcome = worker.run(message.clone(), attempt(1)).await;
    assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
    ports.uploads.create(&early).await.unwrap();
    assert_eq!(worker.run(message, attempt(2)).await, DeliveryOutcome::Done);
    let ended = ports.uploads.get(&early.id).await.unwrap().unwrap();
    let UploadState::Ended(end) = ended.state else {
        panic!("{ended:?}");
    };
    assert!(matches!(end.result, UploadResult::Success { .. }));
}

#[tokio::test]
async fn uploads_in_memory_break_a_promise() {
    let store = crate::memory::MemoryStore::default();
    test_suite::uploads(&store).await;
    test_suite::upload_files(&store).await;
}
