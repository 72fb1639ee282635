use super::{folder, open};
use crate::{Lane, Store};
use bytes::Bytes;
use service::model::{Message, Upload, UploadEnd, UploadResult, Video};
use service::ports::Registration;
use service::test_suite as suite;
use std::fs;

async fn write(store: &Store, name: &str) -> String {
    let files = store.ports().upload_files;
    let mut file = files.begin(name).await.unwrap();
    file.write(Bytes::from_static(b"four")).await.unwrap();
    file.finish().await.unwrap();
    files.find(name).await.unwrap().unwrap().0
}

async fn register(store: &Store, file_url: &str) -> Registration {
    let ports = store.ports();
    let video = Video {
        file_url: file_url.to_owned(),
        place: ports.sources.open(file_url).await.unwrap().place(),
        reference_id: None,
        ..suite::video()
    };
    ports.videos.register(video).await.unwrap()
}

fn ending(file_url: &str) -> UploadEnd {
    UploadEnd {
        at_ms: 5,
        result: UploadResult::Success {
            size_bytes: 4,
            file_url: file_url.to_owned(),
            known_video_id: None,
        },
    }
}

/// An upload of a release that kept no key is found as its call spelt it.
#[tokio::test]
async fn an_upload_without_a_key_is_found_by_its_url() {
    let data = folder();
    let store = open(data.path());
    let uploads = store.ports().uploads;
    let url = "http://a.example/\u{4e2d} a.mp4";
    let upload = suite::upload(url);
    uploads.create(&upload).await.unwrap();
    let connection = rusqlite::Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    let forget = "UPDATE uploads SET url_key = NULL";
    assert_eq!(connection.execute(forget, []).unwrap(), 1);
    assert_eq!(uploads.by_url(url).await.unwrap(), Some(upload));
}

/// Every uploaded video broke: its FileURL named the folder of before.
#[tokio::test]
async fn a_data_folder_that_was_moved_loses_uploaded_files() {
    let parent = folder();
    let (before, after) = (parent.path().join("be fore"), parent.path().join("af%ter"));
    let store = open(&before);
    let upload = suite::upload("http://a.example/a.mp4");
    let url = write(&store, &upload.file_name()).await;
    let Registration::New(video) = register(&store, &url).await else {
        panic!("it is new");
    };
    let uploads = store.ports().uploads;
    uploads.create(&upload).await.unwrap();
    uploads.end(&upload.id, &ending(&url)).await.unwrap();
    drop((store, uploads));
    fs::rename(&before, &after).unwrap();

    let store = open(&after);
    let ports = store.ports();
    let (now, _) = ports
        .upload_files
        .find(&upload.file_name())
        .await
        .unwrap()
        .unwrap();
    let moved = ports.videos.by_id(&video.id).await.unwrap().unwrap();
    assert_eq!(moved.file_url, now);
    let source = ports.sources.open(&moved.file_url).await.unwrap();
    assert_eq!(source.place(), moved.place);
    let again = register(&store, &now).await;
    assert!(matches!(again, Registration::Known(known) if known.id == video.id));
    let ended = ports.uploads.get(&upload.id).await.unwrap().unwrap();
    assert_eq!(
        ended.state,
        service::model::UploadState::Ended(ending(&now))
    );
}

async fn waiting(store: &Store) -> Vec<Message> {
    let mut messages = Vec::new();
    while let Some(delivery) = store.receive_of(Lane::Uploads, 0, 1000).await.unwrap() {
        messages.push(delivery.message);
    }
    messages
}

/// It was PENDING for ever: the process ended before its message was sent, or the message was lost.
#[tokio::test]
async fn an_upload_without_a_message_stays_as_it_is() {
    let data = folder();
    let store = open(data.path());
    let ports = store.ports();
    let message = |upload: &Upload| Message::Upload {
        job_id: upload.id.clone(),
    };
    let url = "http://a.example/a.mp4";
    let [lost, kept, ended, unpublished] = [0; 4].map(|_| suite::upload(url));
    for upload in &[&lost, &kept, &ended, &unpublished] {
        ports.uploads.create(upload).await.unwrap();
    }
    ports.queue.send(&message(&kept)).await.unwrap();
    for upload in [&ended, &unpublished] {
        ports.uploads.end(&upload.id, &ending("x")).await.unwrap();
    }
    ports.uploads.record_published(&ended.id).await.unwrap();
    drop((store, ports));
    let store = open(data.path());
    let found = waiting(&store).await;
    assert_eq!(found.len(), 3, "{found:?}");
    for upload in [&lost, &kept, &unpublished] {
        assert!(found.contains(&message(upload)));
    }
}

/// A full disk was found out by writing to it, and with it the server's own files failed.
#[tokio::test]
async fn the_last_of_a_disk_is_given_to_uploads() {
    let data = folder();
    let free = open(data.path()).ports().upload_files.free_bytes().await;
    let free = free.unwrap().unwrap();
    let disk = rustix::fs::statvfs(data.path()).unwrap();
    let all_free = disk.f_bavail * disk.f_frsize;
    let most = (disk.f_blocks * disk.f_frsize / 20).min(1 << 30);
    // Others write to this disk, too.
    assert!(free + most <= all_free + (1 << 28), "{free} of {all_free}");
}
