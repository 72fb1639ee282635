//! Things to keep, new each time.

use crate::model::{
    Completion, Deletions, Event, EventStatus, EventType, Job, JobId, JobResult, JobState,
    RequestId, SnapshotType, Video, VideoId, VideoStatus,
};
use contract::error::ErrorCode;

/// 32 lower-case hex digits nobody used before.
pub(super) fn id() -> String {
    contract::id::new()
}

/// A video that was just registered, with a FileURL of its own.
#[must_use]
pub fn video() -> Video {
    let id = VideoId::random();
    Video {
        file_url: format!("file:///media/{id}.mp4"),
        place: Some(format!("/media/{id}.mp4")),
        title: "A \u{1F3AC} 'title'".to_owned(),
        description: Some(String::new()),
        tags: Some("one,two".to_owned()),
        cate_id: Some(-1),
        reference_id: Some(format!("ref-{id}")),
        user_data: None,
        cover_url: None,
        status: VideoStatus::UploadSucc,
        created_ms: 1_700_000_000_123,
        modified_ms: 1_700_000_000_123,
        size_bytes: 5_000_000_000,
        facts: None,
        deletions: Deletions::default(),
        id,
    }
}

/// A job that was just accepted.
#[must_use]
pub fn job(video_id: &VideoId, kind: SnapshotType, created_ms: i64) -> Job {
    let spec = serde_json::json!({
        "points": { "At": { "times_ms": [0, 1500, 1500] } },
        "width": 320, "height": null, "frame_type": "Intra",
        "sprite": {
            "cell_width": 120, "cell_height": null, "padding": 1, "margin": 2, "columns": 3,
            "lines": 4, "color": { "Rgb": [1, 2, 3] }, "keep_cell_pic": true
        }
    });
    Job {
        id: JobId::random(),
        video_id: video_id.clone(),
        request_id: RequestId::random(),
        spec: serde_json::from_value(spec).unwrap(),
        kind,
        extend: Some("{\"a\":\"\u{1F3AC}\"}".to_owned()),
        callback_url: Some("http://127.0.0.1/callback".to_owned()),
        created_ms,
        state: JobState::Queued,
        event_published: false,
        progress: None,
        event_urls: None,
    }
}

/// The end of a job, good or bad.
#[must_use]
pub fn completion(success: bool) -> Completion {
    let result = if success {
        JobResult::Success {
            pictures: 7,
            sheets: 1,
            keeps_pictures: false,
            content: Some("etag".to_owned()),
            animation: None,
            grid: None,
        }
    } else {
        let code = ErrorCode::ResourceContentBad.name().to_owned();
        JobResult::Fail {
            code,
            message: "It is broken.".to_owned(),
        }
    };
    Completion {
        at_ms: 1_700_000_001_000,
        event_id: id(),
        result,
    }
}

/// An event nobody published before.
#[must_use]
pub fn event() -> Event {
    Event {
        id: id(),
        event_type: EventType::SnapshotComplete,
        status: EventStatus::Success,
        video_id: VideoId::random(),
        job_id: Some(JobId::random()),
        snapshot_type: None,
        at_ms: 1_700_000_001_000,
        callback_url: None,
        body: b"{\"EventType\":\"SnapshotComplete\"}\n\xff\0".to_vec(),
    }
}
