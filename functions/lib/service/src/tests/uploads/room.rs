//! Disks and quotas that are full.

use super::{Bench, attempt, worker};
use crate::model::Message;
use crate::ports::{
    DownloadFailure, Downloads, PortError, PortResult, RemoteFile, UploadFiles, UploadWriter,
};
use crate::test_suite;
use crate::worker::DeliveryOutcome;
use async_trait::async_trait;
use bytes::Bytes;
use std::io::{self, Read};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};

/// It was downloaded for a day, each time from its first byte, and left the server no room either.
#[tokio::test]
async fn a_full_disk_is_filled_again_and_again() {
    for (free_bytes, calls) in [(0, 0), (3, 1)] {
        let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
        bench.store.set_free_bytes(free_bytes);
        assert_eq!(bench.deliver(1).await, DeliveryOutcome::Done);
        assert_eq!(bench.failure().await, "LimitExceeded.UploadQuota");
        assert_eq!(bench.downloads.0.load(Ordering::SeqCst), calls);
        assert_eq!(bench.used_bytes().await, 0);
    }
}

/// Files of which none can be written to its end.
struct BrokenFiles {
    has_disk: bool,
}
struct BrokenWriter;

fn broken<T>() -> PortResult<T> {
    Err(PortError::unavailable("upload files", "on purpose"))
}

#[async_trait]
impl UploadFiles for BrokenFiles {
    async fn begin(&self, _name: &str) -> PortResult<Box<dyn UploadWriter>> {
        Ok(Box::new(BrokenWriter))
    }
    async fn find(&self, _name: &str) -> PortResult<Option<(String, u64)>> {
        Ok(None)
    }
    async fn used_bytes(&self) -> PortResult<u64> {
        Ok(0)
    }
    async fn free_bytes(&self) -> PortResult<Option<u64>> {
        match self.has_disk {
            true => Ok(None),
            false => broken(),
        }
    }
    async fn remove(&self, _name: &str) -> PortResult<()> {
        Ok(())
    }
}

#[async_trait]
impl UploadWriter for BrokenWriter {
    async fn write(&mut self, _bytes: Bytes) -> PortResult<()> {
        broken()
    }
    async fn finish(self: Box<Self>) -> PortResult<()> {
        broken()
    }
    async fn discard(self: Box<Self>) {}
}

/// Each try brings as many bytes as a file has.
#[tokio::test]
async fn a_file_that_can_not_be_kept_is_downloaded_without_end() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let mut ports = bench.store.ports();
    ports.upload_files = Arc::new(BrokenFiles { has_disk: true });
    let worker = worker(ports, bench.downloads.clone());
    let mut number = 0;
    loop {
        number += 1;
        match worker.run(bench.message(), attempt(number)).await {
            DeliveryOutcome::Done => break,
            outcome => assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}"),
        }
        assert!(number < 10, "no end");
    }
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 5);
    assert_eq!(bench.failure().await, "TransientFailure");
}

/// A disk that is away for a while costs no download, and is waited for.
#[tokio::test]
async fn a_disk_that_does_not_answer_counts_as_a_download() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let mut ports = bench.store.ports();
    ports.upload_files = Arc::new(BrokenFiles { has_disk: false });
    let worker = worker(ports, bench.downloads.clone());
    for number in 1..8 {
        let outcome = worker.run(bench.message(), attempt(number)).await;
        assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
    }
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 0);
}

/// Sixty bytes that end once two are read.
struct Sixty(Arc<Barrier>);
struct Waiting(Arc<Barrier>, usize);

impl Read for Waiting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.1 == 0 {
            return Ok(0);
        }
        self.0.wait();
        let count = into.len().min(self.1);
        into[..count].fill(1);
        self.1 -= count;
        Ok(count)
    }
}

impl Downloads for Sixty {
    fn open(&self, _url: &str) -> Result<RemoteFile, DownloadFailure> {
        Ok(RemoteFile {
            length_bytes: None,
            body: Box::new(Waiting(self.0.clone(), 60)),
        })
    }
}

/// Both looked at the quota before either had its name, or neither got it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_uploads_at_once_exceed_the_quota() {
    for _ in 0..20 {
        let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
        let other = test_suite::upload("http://a.example/b.mp4");
        let ports = bench.store.ports();
        ports.uploads.create(&other).await.unwrap();
        let worker = worker(ports.clone(), Arc::new(Sixty(Arc::new(Barrier::new(2)))));
        let message = Message::Upload {
            job_id: other.id.clone(),
        };
        let (first, second) = tokio::join!(
            worker.run(bench.message(), attempt(1)),
            worker.run(message, attempt(1))
        );
        assert_eq!([first, second], [DeliveryOutcome::Done; 2]);
        assert_eq!(bench.used_bytes().await, 60, "one of both");
    }
}
