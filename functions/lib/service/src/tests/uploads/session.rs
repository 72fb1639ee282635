//! Calls that are repeated.

use crate::api::{Api, Auth, Settings};
use crate::memory::MemoryStore;
use crate::model::Message;
use crate::ports::{Clock, Ports};
use contract::request::RawRequest;
use std::sync::Arc;

const MINUTE_MS: i64 = 60 * 1000;

struct At(i64);

impl Clock for At {
    fn now_ms(&self) -> i64 {
        self.0
    }
}

/// The ids that a call at this time is answered with.
async fn call(ports: &Ports, now_ms: i64, query: &str) -> Vec<String> {
    let mut ports = ports.clone();
    ports.clock = Arc::new(At(now_ms));
    let mut settings = Settings::new(Auth::None);
    settings.takes_uploads = true;
    let raw = RawRequest {
        method: "GET".to_owned(),
        raw_query: format!(
            "Version=2017-03-21&Action=UploadMediaByURL&{query}\
             &UploadURLs=http://a.example/a.mp4,http://a.example/b.mp4"
        ),
        ..RawRequest::default()
    };
    let answer = Api::new(ports, settings).handle(raw).await;
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer.status, 200, "{body}");
    let jobs = body["UploadJobs"].as_array().unwrap();
    let ids = jobs.iter().map(|job| job["JobId"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

/// Who did not get the answer had no way to ask again.
#[tokio::test]
async fn a_repeated_upload_downloads_everything_twice() {
    let store = MemoryStore::default();
    let ports = store.ports();
    let session = "SessionId=s";
    let begun = 1_700_000_000_000;
    let first = call(&ports, begun, session).await;
    assert_eq!(first.len(), 2);
    assert_ne!(first[0], first[1]);
    for minutes in [0, 1, 5, 9] {
        let again = call(&ports, begun + minutes * MINUTE_MS, session).await;
        assert_eq!(again, first, "after {minutes} minutes");
    }
    assert_eq!(store.messages().len(), 2);
    let now = begun + 9 * MINUTE_MS;
    for other in [
        "",
        "SessionId=t",
        "SessionId=s&TemplateGroupId=VOD_NO_TRANSCODE",
    ] {
        let other = call(&ports, now, other).await;
        assert!(other.iter().all(|id| !first.contains(id)));
    }
    let later = call(&ports, begun + 10 * MINUTE_MS, session).await;
    assert!(later.iter().all(|id| !first.contains(id)), "it is over");
}

/// One of two was made when the process ended.
#[tokio::test]
async fn a_call_that_died_half_way_is_not_gone_on_with() {
    let (whole, half) = (MemoryStore::default(), MemoryStore::default());
    let session = "SessionId=s&UploadMetadatas=\
        [{'SourceURL':'http://a.example/a.mp4','ReferenceId':'my-reference'}]";
    let begun = 1_700_000_000_000;
    let ids = call(&whole.ports(), begun, session).await;
    let uploads = whole.ports().uploads;
    let made = uploads.get(&ids[0].as_str().into()).await.unwrap().unwrap();
    half.ports().uploads.create(&made).await.unwrap();
    // It has even become a video by now.
    let video = crate::model::Video {
        reference_id: Some("my-reference".to_owned()),
        ..crate::test_suite::video()
    };
    half.ports().videos.register(video).await.unwrap();
    assert_eq!(call(&half.ports(), begun + 1, session).await, ids);
    let sent = half.messages();
    assert!(
        matches!(&sent[..], [Message::Upload { job_id }] if *job_id == ids[1].as_str()),
        "{sent:?}"
    );
}
