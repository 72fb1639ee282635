//! Uploads by URL, over ports in memory.

mod races;
mod room;
mod session;
mod trouble;

use super::engine;
use crate::api::{Api, Auth, Settings};
use crate::memory::MemoryStore;
use crate::model::{Message, Upload, UploadResult, UploadState};
use crate::ports::{DownloadFailure, Downloads, Ports, RemoteFile};
use crate::test_suite;
use crate::worker::{DeliveryAttempt, DeliveryOutcome, UploadSettings, Worker};
use contract::request::RawRequest;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Answers with four bytes, and counts how often it was asked.
#[derive(Default)]
pub(super) struct FourBytes(pub(super) AtomicU32);

impl Downloads for FourBytes {
    fn open(&self, url: &str) -> Result<RemoteFile, DownloadFailure> {
        self.0.fetch_add(1, Ordering::SeqCst);
        if url.contains("silent") {
            return Err(DownloadFailure::NoAnswer("no answer".to_owned()));
        }
        Ok(RemoteFile {
            length_bytes: None,
            body: Box::new(&b"four"[..]),
        })
    }
}

struct Bench {
    store: MemoryStore,
    downloads: Arc<FourBytes>,
    upload: Upload,
}

impl Bench {
    async fn of(upload: Upload) -> Self {
        let store = MemoryStore::default();
        store.ports().uploads.create(&upload).await.unwrap();
        Self {
            store,
            downloads: Arc::default(),
            upload,
        }
    }

    /// One delivery of its message.
    async fn deliver(&self, number: u32) -> DeliveryOutcome {
        let worker = worker(self.store.ports(), self.downloads.clone());
        worker.run(self.message(), attempt(number)).await
    }

    fn message(&self) -> Message {
        let job_id = self.upload.id.clone();
        Message::Upload { job_id }
    }

    /// The code with which it has failed.
    async fn failure(&self) -> String {
        let UploadState::Ended(end) = self.now().await.state else {
            panic!("it has not ended");
        };
        match end.result {
            UploadResult::Fail { code, .. } => code,
            UploadResult::Success { .. } => panic!("it has not failed"),
        }
    }

    async fn has_video(&self) -> bool {
        let videos = self.store.ports().videos;
        videos.by_id(&self.upload.video_id).await.unwrap().is_some()
    }

    async fn used_bytes(&self) -> u64 {
        self.store.ports().upload_files.used_bytes().await.unwrap()
    }

    async fn now(&self) -> Upload {
        let found = self.store.ports().uploads.get(&self.upload.id).await;
        found.unwrap().unwrap()
    }
}

fn worker(ports: Ports, downloads: Arc<dyn Downloads>) -> Worker {
    let settings = UploadSettings {
        downloads,
        max_bytes: 100,
        quota_bytes: 100,
    };
    Worker::new(ports, engine()).with_uploads(settings)
}

/// Of a message that has waited for days.
fn attempt(number: u32) -> DeliveryAttempt {
    DeliveryAttempt {
        number,
        sent_ms: 1_700_000_000_000,
    }
}

#[tokio::test]
async fn an_upload_that_is_delivered_twice_is_one_video() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    assert_eq!(bench.deliver(1).await, DeliveryOutcome::Done);
    assert_eq!(bench.deliver(2).await, DeliveryOutcome::Done);
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 1);
    assert_eq!(bench.store.events().len(), 2, "the file's and the upload's");
    let videos = bench.store.ports().videos;
    let video = videos.by_id(&bench.upload.video_id).await.unwrap().unwrap();
    assert_eq!(video.size_bytes, 4);
}

/// The process ended after the file had its name and before anybody knew.
#[tokio::test]
async fn a_file_that_is_whole_is_not_downloaded_again() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let name = bench.upload.file_name();
    bench
        .store
        .put_file(&format!("memory:uploads/{name}"), vec![1; 7]);
    assert_eq!(bench.deliver(2).await, DeliveryOutcome::Done);
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 0);
    assert!(matches!(bench.now().await.state, UploadState::Ended(_)));
}

/// The process ended after the video was there and before its upload knew; then it was deleted.
#[tokio::test]
async fn a_deleted_video_comes_back_with_its_upload() {
    let bench = Bench::of(test_suite::upload("http://a.example/a.mp4")).await;
    let name = bench.upload.file_name();
    let file_url = format!("memory:uploads/{name}");
    bench.store.put_file(&file_url, vec![1; 7]);
    let id = &bench.upload.video_id;
    let video = crate::model::Video {
        id: id.clone(),
        file_url,
        reference_id: None,
        ..test_suite::video()
    };
    let ports = bench.store.ports();
    ports.videos.register(video).await.unwrap();
    let api = Api::new(ports.clone(), Settings::new(Auth::None));
    let raw = RawRequest {
        method: "GET".to_owned(),
        raw_query: format!("Version=2017-03-21&Action=DeleteVideo&VideoIds={id}"),
        ..RawRequest::default()
    };
    assert_eq!(api.handle(raw).await.status, 200);
    assert_eq!(bench.deliver(2).await, DeliveryOutcome::Done);
    assert_eq!(bench.downloads.0.load(Ordering::SeqCst), 0);
    assert_eq!(ports.videos.by_id(id).await.unwrap(), None);
    assert_eq!(ports.upload_files.used_bytes().await.unwrap(), 0);
    assert_eq!(bench.store.events().len(), 2, "it was uploaded");
}

#[tokio::test]
async fn a_silent_server_is_asked_five_times() {
    let bench = Bench::of(test_suite::upload("http://silent.example/a.mp4")).await;
    for number in 1..5 {
        let outcome = bench.deliver(number).await;
        assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
        assert_eq!(bench.now().await.state, UploadState::Processing);
    }
    assert_eq!(bench.deliver(5).await, DeliveryOutcome::Done);
    let UploadState::Ended(end) = bench.now().await.state else {
        panic!("it has not ended");
    };
    assert!(matches!(end.result, UploadResult::Fail { code, .. } if code == "URLInvalidError"));
    assert_eq!(bench.store.events().len(), 1, "no file, no event of one");
}

/// Two calls at once gave one ReferenceId to two videos.
#[tokio::test]
async fn a_reference_id_that_was_taken_meanwhile_leaves_no_file() {
    let mine = Upload {
        reference_id: Some("my-reference".to_owned()),
        ..test_suite::upload("http://a.example/a.mp4")
    };
    let bench = Bench::of(mine).await;
    let other = crate::model::Video {
        reference_id: Some("my-reference".to_owned()),
        ..test_suite::video()
    };
    bench.store.ports().videos.register(other).await.unwrap();
    assert_eq!(bench.deliver(1).await, DeliveryOutcome::Done);
    let files = bench.store.ports().upload_files;
    assert_eq!(files.used_bytes().await.unwrap(), 0);
}
