//! Calls over ports in memory, without a decoder.

use crate::api::{Api, Auth, Settings};
use crate::memory::MemoryStore;
use crate::model::UnixMs;
use crate::model::{Message, SnapshotType, Video, VideoInfo};
use crate::ports::{CallToken, Objects, Ports, SourceError, Sources, Videos};
use crate::test_suite;
use async_trait::async_trait;
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use sha2::{Digest, Sha256};
use source::RangeSource;
use std::sync::Arc;

fn api(store: &MemoryStore, max_sheet_pixels: u64) -> Api {
    let settings = Settings {
        max_sheet_pixels,
        ..Settings::new(Auth::None)
    };
    Api::new(store.ports(), settings)
}

async fn submit(api: &Api, video_id: &str, sprite: &str) -> Answer {
    let query = format!("VideoId={video_id}&Count=1&SpriteSnapshotConfig={sprite}");
    call(api, "SubmitSnapshotJob", &query).await
}

async fn call(api: &Api, action: &str, query: &str) -> Answer {
    let raw_query = format!("Action={action}&Version=2017-03-21&{query}");
    let raw = RawRequest {
        method: "GET".to_owned(),
        raw_query,
        ..RawRequest::default()
    };
    api.handle(raw).await
}

/// A video of a known size.
async fn video(store: &MemoryStore) -> String {
    let video = test_suite::video();
    store.register(video.clone()).await.unwrap();
    store
        .record_facts(&video.id, &facts(None), 0)
        .await
        .unwrap();
    video.id.to_string()
}

fn facts(content: Option<&str>) -> VideoInfo {
    VideoInfo {
        duration_ms: 10_000,
        width: 1920,
        height: 1080,
        frame_rate: 25.0,
        codec: "h264".to_owned(),
        size_bytes: 1,
        content: content.map(str::to_owned),
    }
}

/// A token that an earlier release stored, by its parameters letter for letter, is still its call's;
/// and a retry that spells them in another way is one, too.
#[tokio::test]
async fn a_retry_of_a_call_of_an_earlier_release_is_refused() {
    let store = MemoryStore::default();
    let (api, id) = (api(&store, 0), video(&store).await);
    let said = format!("Count=2.0&VideoId={id}");
    let token = CallToken {
        key_id: "anonymous".to_owned(),
        token: "t".to_owned(),
        fingerprint: hex::encode(Sha256::digest(&said)),
    };
    let job = test_suite::job(&id.as_str().into(), SnapshotType::NormalSnapshot, 1);
    let submissions = store.ports().submissions;
    submissions.accept(&job, Some(&token)).await.unwrap();
    let job_of = async |query: &str| {
        let query = format!("VideoId={id}&{query}");
        let answer = call(&api, "SubmitSnapshotJob", &query).await;
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, body["SnapshotJob"]["JobId"].clone())
    };
    let first = (200, serde_json::json!(job.id));
    assert_eq!(job_of("Count=2.0&ClientToken=t").await, first);
    assert_eq!(job_of("Count=3&ClientToken=t").await.0, 400);
    let new = job_of("Count=2&ClientToken=u").await;
    assert_eq!(job_of("Count=2.0&Width=null&ClientToken=u").await, new);
    assert_eq!(job_of("Count=3&ClientToken=u").await.0, 400);
}

/// It led to the vendor's site, which knows nothing of the RequestId.
#[tokio::test]
async fn the_recommend_of_an_error_leads_to_our_own_documents() {
    let store = MemoryStore::default();
    let settings = Settings {
        public_url: Some("https://vod.example".to_owned()),
        ..Settings::new(Auth::None)
    };
    let api = Api::new(store.ports(), settings);
    let mut answers = vec![api.refused(&ApiError::unavailable(), Format::Json)];
    for action in [
        "GetVideoInfo",
        "NoSuchAction",
        "CreateUploadVideo",
        "ListSnapshots",
    ] {
        answers.push(call(&api, action, "").await);
    }
    for answer in answers {
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert!(answer.status >= 400, "{body}");
        assert_eq!(body["Recommend"], "https://vod.example/openapi.json");
    }
}

#[tokio::test]
async fn a_call_without_a_host_is_sent_to_an_address_without_one() {
    let api = Api::new(MemoryStore::default().ports(), Settings::new(Auth::None));
    let answer = call(&api, "NoSuchAction", "").await;
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let recommended = body["Recommend"].as_str().unwrap();
    assert!(!recommended.contains("///"), "{recommended}");
}

/// A video whose file is there.
async fn filed(store: &MemoryStore, file_url: &str) -> Video {
    store.put_file(file_url, b"a file".to_vec());
    let video = Video {
        file_url: file_url.to_owned(),
        place: None,
        ..test_suite::video()
    };
    store.register(video.clone()).await.unwrap();
    video
}

fn field(answer: &Answer, path: &str) -> String {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let found = body.pointer(path).and_then(serde_json::Value::as_str);
    found.unwrap_or_else(|| panic!("{path}: {body}")).to_owned()
}

#[tokio::test]
async fn a_raised_limit_on_sheets_does_not_hold_for_calls() {
    let store = MemoryStore::default();
    let video = video(&store).await;
    // 27,648 x 20,736 px: 573 million.
    let sprite = "{'CellWidth':2304,'CellHeight':1296,'Columns':12,'Lines':16}";
    let refused = submit(&api(&store, 512 << 20), &video, sprite).await;
    let text = String::from_utf8(refused.body).unwrap();
    assert_eq!(refused.status, 400, "{text}");
    assert!(text.contains("573308928 in all"), "{text}");
    assert!(text.contains("536870912 pixels"), "{text}");
    let taken = submit(&api(&store, 600_000_000), &video, sprite).await;
    assert_eq!(taken.status, 200, "{:?}", String::from_utf8(taken.body));
    assert!(matches!(store.messages()[..], [Message::Snapshot { .. }]));
}

#[tokio::test]
async fn a_lowered_limit_on_sheets_does_not_hold_for_calls() {
    let store = MemoryStore::default();
    let video = video(&store).await;
    let sprite = "{'CellWidth':100,'CellHeight':100,'Columns':10,'Lines':10}";
    let taken = submit(&api(&store, 1_000_000), &video, sprite).await;
    assert_eq!(taken.status, 200);
    let refused = submit(&api(&store, 999_999), &video, sprite).await;
    assert_eq!(refused.status, 400);
}

/// Any file below a media root was given to players: keys, the database of a data folder.
#[tokio::test]
async fn a_file_that_is_no_video_is_played() {
    let store = MemoryStore::default();
    let (api, secrets) = (api(&store, 1), filed(&store, "memory:/keys.json").await);
    let query = format!("VideoId={}", secrets.id);
    let refused = call(&api, "GetPlayInfo", &query).await;
    assert_eq!(refused.status, 404);
    assert_eq!(field(&refused, "/Code"), "InvalidVideo.NoneStream");
    assert!(store.messages().is_empty(), "nobody looks at it for ever");
    // Known of what was there before: it is looked into.
    store
        .record_facts(&secrets.id, &facts(Some("old")), 0)
        .await
        .unwrap();
    assert_eq!(call(&api, "GetPlayInfo", &query).await.status, 404);
    assert!(matches!(store.messages()[..], [Message::Probe { .. }]));
    store
        .record_facts(&secrets.id, &facts(None), 0)
        .await
        .unwrap();
    assert_eq!(call(&api, "GetPlayInfo", &query).await.status, 200);
}

/// In a private bucket such a URL is answered with 403; the one that was signed expires.
#[tokio::test]
async fn covers_are_told_by_urls_that_nobody_signed() {
    let store = MemoryStore::default();
    let (api, video) = (api(&store, 1), filed(&store, "memory:/a.mp4").await);
    let key = artifacts::key::picture(&video.id, "j", 3);
    let picture = store.put(&key, "image/jpeg", b"a picture".to_vec().into());
    picture.await.unwrap();
    let given = store.signed_url(&key, 1).await.unwrap();
    let query = format!(
        "VideoId={}&CoverURL={}",
        video.id,
        given.replace('&', "%26")
    );
    assert_eq!(call(&api, "UpdateVideoInfo", &query).await.status, 200);
    let list = call(&api, "GetVideoList", "").await;
    let info = call(&api, "GetVideoInfo", &format!("VideoId={}", video.id)).await;
    for told in [
        field(&info, "/Video/CoverURL"),
        field(&list, "/VideoList/Video/0/CoverURL"),
    ] {
        assert!(told.starts_with(&format!("{}?Expires=", store.public_url(&key))));
        assert_ne!(told, given, "it has expired");
    }
    let own = "https://a.example/own.jpg?Expires=1";
    let query = format!("VideoId={}&CoverURL={own}", video.id);
    assert_eq!(call(&api, "UpdateVideoInfo", &query).await.status, 200);
    let info = call(&api, "GetVideoInfo", &format!("VideoId={}", video.id)).await;
    assert_eq!(field(&info, "/Video/CoverURL"), own);
}

/// Files of which some can't be read.
struct Locked(MemoryStore);

#[async_trait]
impl Sources for Locked {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let cause = "permission denied: /srv/media".to_owned();
        match file_url {
            "memory:/locked.mp4" => Err(SourceError::Unreadable(cause)),
            "memory:/away.mp4" => Err(SourceError::Unavailable(cause)),
            _ => self.0.open(file_url).await,
        }
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        self.0.play_url(video, expires_ms).await
    }
}

/// 503 was the answer for all of them.
#[tokio::test]
async fn one_file_that_cannot_be_read_keeps_others_from_being_registered() {
    let store = MemoryStore::default();
    store.put_file("memory:/a.mp4", b"a file".to_vec());
    let ports = Ports {
        sources: Arc::new(Locked(store.clone())),
        ..store.ports()
    };
    let api = Api::new(ports, Settings::new(Auth::None));
    let register = async |names: &[&str]| {
        let entry = |name| format!("{{'FileURL':'memory:/{name}.mp4','Title':'t'}}");
        let entries: Vec<_> = names.iter().map(entry).collect();
        let query = format!("RegisterMetadatas=[{}]", entries.join(","));
        call(&api, "RegisterMedia", &query).await
    };
    let answer = register(&["locked", "a"]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(field(&answer, "/FailedFileURLs/0"), "memory:/locked.mp4");
    assert_eq!(
        field(&answer, "/RegisteredMediaList/0/FileURL"),
        "memory:/a.mp4"
    );
    let reason = field(&answer, "/Reasons/0");
    assert!(
        reason.contains("permission") && !reason.contains("/srv"),
        "{reason}"
    );
    assert_eq!(register(&["locked"]).await.status, 200);
    assert_eq!(register(&["a", "away"]).await.status, 503, "all are away");
}

/// As the vendor says, and only of this action.
#[tokio::test]
async fn a_deletion_of_no_video_succeeds() {
    let store = MemoryStore::default();
    let (api, video) = (api(&store, 1), filed(&store, "memory:/a.mp4").await);
    let refused = call(
        &api,
        "DeleteVideo",
        "VideoIds=nobody,none&ReferenceIds=absent",
    )
    .await;
    assert_eq!(refused.status, 404);
    assert_eq!(field(&refused, "/Code"), "InvalidVideo.NotFound");
    let query = format!("VideoIds=nobody,{}", video.id);
    let deleted = call(&api, "DeleteVideo", &query).await;
    assert_eq!(field(&deleted, "/NonExistVideoIds/0"), "nobody");
    assert_eq!(call(&api, "DeleteVideo", &query).await.status, 404);
    assert_eq!(call(&api, "GetVideoInfos", &query).await.status, 200);
    assert_eq!(call(&api, "DeleteMezzanines", &query).await.status, 200);
}

#[tokio::test]
async fn system_covers_are_a_job_that_a_call_asked_for() {
    let store = MemoryStore::default();
    for (kind, trigger) in [
        (SnapshotType::CoverSnapshot, "Auto"),
        (SnapshotType::NormalSnapshot, "Manual"),
    ] {
        let job = test_suite::job(&"v".into(), kind, 1);
        store.ports().jobs.create(&job).await.unwrap();
        let query = format!("JobType=snapshot&JobId={}", job.id);
        let detail = call(&api(&store, 1), "GetJobDetail", &query).await;
        assert_eq!(field(&detail, "/SnapshotJobDetail/Trigger"), trigger);
    }
}
