//! What others do to an upload and its video meanwhile.

use super::{Bench, attempt, worker};
use crate::memory::MemoryStore;
use crate::model::{JobId, Upload, UploadEnd, UploadResult, UploadState, UploadTrials, Video};
use crate::ports::{
    DownloadFailure, Downloads, PortError, PortResult, Registration, RemoteFile, Uploads,
};
use crate::test_suite;
use crate::worker::{DeliveryOutcome, Worker};
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::runtime::Handle;

/// Gives its upload up before it answers.
struct GivesUp {
    worker: Worker,
    message: crate::model::Message,
    runtime: Handle,
}

impl Downloads for GivesUp {
    fn open(&self, _url: &str) -> Result<RemoteFile, DownloadFailure> {
        let give_up = self.worker.give_up(self.message.clone(), attempt(1000));
        assert_eq!(self.runtime.block_on(give_up).0, DeliveryOutcome::Done);
        Ok(RemoteFile {
            length_bytes: None,
            body: Box::new(&b"four"[..]),
        })
    }
}

/// A slow worker registered the video of an upload that had failed; its file went, it stayed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_was_given_up_meanwhile_leaves_a_video_without_a_file() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let ports = bench.store.ports();
    let downloads = GivesUp {
        worker: worker(ports.clone(), bench.downloads.clone()),
        message: bench.message(),
        runtime: Handle::current(),
    };
    let slow = worker(ports, Arc::new(downloads));
    let mut number = 0;
    while slow.run(bench.message(), attempt(number)).await != DeliveryOutcome::Done {
        number += 1;
        assert!(number < 3, "no end");
    }
    assert_eq!(bench.failure().await, "TransientFailure");
    assert!(!bench.has_video().await);
    assert_eq!(bench.used_bytes().await, 0);
    assert_eq!(bench.store.events().len(), 1);
}

/// The same where the slow worker is in another process, and was not seen.
#[tokio::test]
async fn a_video_of_a_failed_upload_stays() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let ports = bench.store.ports();
    let worker = worker(ports.clone(), bench.downloads.clone());
    let given_up = worker.give_up(bench.message(), attempt(1000)).await;
    assert_eq!(given_up.0, DeliveryOutcome::Done);
    let url = format!("memory:uploads/{}", bench.upload.file_name());
    bench.store.put_file(&url, vec![1; 4]);
    let video = Video {
        id: bench.upload.video_id.clone(),
        file_url: url,
        ..test_suite::video()
    };
    ports.videos.register(video).await.unwrap();
    assert_eq!(bench.deliver(1001).await, DeliveryOutcome::Done);
    assert!(!bench.has_video().await);
    assert_eq!(bench.used_bytes().await, 0);
    let left = bench.store.messages();
    assert!(
        matches!(&left[..], [crate::model::Message::DeleteVideo { .. }]),
        "what jobs made of it goes, too: {left:?}"
    );
}

/// It was removed, and the upload had failed.
#[tokio::test]
async fn the_file_of_an_upload_that_is_given_up_was_for_nothing() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let url = format!("memory:uploads/{}", bench.upload.file_name());
    bench.store.put_file(&url, vec![1; 4]);
    let worker = worker(bench.store.ports(), bench.downloads.clone());
    let given_up = worker.give_up(bench.message(), attempt(1000)).await;
    assert_eq!(given_up.0, DeliveryOutcome::Done);
    assert!(bench.has_video().await);
    assert_eq!(bench.used_bytes().await, 4);
    assert_eq!(bench.store.events().len(), 2);
}

/// Somebody had registered its file by its path; the answer named a video that was not there.
#[tokio::test]
async fn an_upload_names_a_video_that_does_not_exist() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let url = format!("memory:uploads/{}", bench.upload.file_name());
    bench.store.put_file(&url, vec![1; 4]);
    let other = Video {
        file_url: url,
        ..test_suite::video()
    };
    let registered = bench.store.ports().videos.register(other.clone()).await;
    assert!(matches!(registered, Ok(Registration::New(_))));
    assert_eq!(bench.deliver(1).await, DeliveryOutcome::Done);
    assert!(!bench.has_video().await);
    let now = bench.now().await;
    let UploadState::Ended(end) = &now.state else {
        panic!("{now:?}");
    };
    assert_eq!(now.media_id(end), other.id);
    for event in bench.store.events() {
        assert_eq!(event.video_id, other.id);
    }
}

/// Uploads of which none can be ended, for a while.
struct Endless {
    inner: MemoryStore,
    is_broken: AtomicBool,
}

#[async_trait]
impl Uploads for Endless {
    async fn create(&self, upload: &Upload) -> PortResult<()> {
        self.inner.create(upload).await
    }
    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>> {
        Uploads::get(&self.inner, id).await
    }
    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>> {
        self.inner.by_url(source_url).await
    }
    async fn start(&self, id: &JobId) -> PortResult<()> {
        Uploads::start(&self.inner, id).await
    }
    async fn record_trials(&self, id: &JobId, trials: UploadTrials) -> PortResult<()> {
        self.inner.record_trials(id, trials).await
    }
    async fn end(&self, id: &JobId, end: &UploadEnd) -> PortResult<UploadEnd> {
        match self.is_broken.load(Ordering::SeqCst) {
            true => Err(PortError::unavailable("uploads", "on purpose")),
            false => self.inner.end(id, end).await,
        }
    }
    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        Uploads::record_published(&self.inner, id).await
    }
}

/// It was downloaded and registered once more, and nobody knew of the new one.
#[tokio::test]
async fn a_video_that_was_deleted_before_its_upload_ended_comes_back() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let mut ports = bench.store.ports();
    let uploads = Arc::new(Endless {
        inner: bench.store.clone(),
        is_broken: AtomicBool::new(true),
    });
    ports.uploads = uploads.clone();
    let worker = worker(ports.clone(), bench.downloads.clone());
    let first = worker.run(bench.message(), attempt(1)).await;
    assert!(matches!(first, DeliveryOutcome::Retry(_)), "{first:?}");
    assert!(bench.has_video().await);
    // As DeleteVideo does.
    let name = bench.upload.file_name();
    ports.upload_files.remove(&name).await.unwrap();
    ports.videos.delete(&bench.upload.video_id).await.unwrap();
    uploads.is_broken.store(false, Ordering::SeqCst);
    let second = worker.run(bench.message(), attempt(2)).await;
    assert_eq!(second, DeliveryOutcome::Done);
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 1);
    assert!(!bench.has_video().await);
    assert_eq!(bench.failure().await, "InvalidParameter.ResourceNotFound");
    assert!(matches!(
        bench.now().await.state,
        UploadState::Ended(UploadEnd {
            result: UploadResult::Fail { .. },
            ..
        })
    ));
}
