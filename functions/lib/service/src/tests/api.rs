//! Calls over ports in memory, without a decoder.

use crate::api::{Api, Auth, Settings};
use crate::memory::MemoryStore;
use crate::model::{Message, VideoInfo};
use crate::ports::Videos;
use crate::test_suite;
use contract::request::RawRequest;
use contract::response::Answer;

fn api(store: &MemoryStore, max_sheet_pixels: u64) -> Api {
    let settings = Settings {
        max_sheet_pixels,
        ..Settings::new(Auth::None)
    };
    Api::new(store.ports(), settings)
}

async fn submit(api: &Api, video_id: &str, sprite: &str) -> Answer {
    let raw_query = format!(
        "Action=SubmitSnapshotJob&Version=2017-03-21&VideoId={video_id}&Count=1\
         &SpriteSnapshotConfig={sprite}"
    );
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
    let facts = VideoInfo {
        duration_ms: 10_000,
        width: 1920,
        height: 1080,
        frame_rate: 25.0,
        codec: "h264".to_owned(),
        size_bytes: 1,
        content: None,
    };
    store.record_facts(&video.id, &facts, 0).await.unwrap();
    video.id.to_string()
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
