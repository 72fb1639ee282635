//! Videos and their files.

use super::{Body, present};
use crate::action::Action;
use crate::id::VideoId;
use crate::time::utc_time;
use serde_json::{Value, json};

/// One file that became a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredMedia {
    /// As given.
    pub file_url: String,
    /// The VideoId.
    pub media_id: VideoId,
    /// False: the file was registered before.
    pub new_register: bool,
}

/// What became of each file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterMedia {
    /// In the order given.
    pub registered: Vec<RegisteredMedia>,
    /// The FileURLs that gave no video.
    pub failed_file_urls: Vec<String>,
    /// Why, one sentence for each of them. A field that the vendor lacks.
    pub reasons: Vec<String>,
}

impl Body for RegisterMedia {
    const ACTION: Action = Action::RegisterMedia;

    fn fields(&self) -> Value {
        let list = self.registered.iter().map(|media| {
            json!({
                "FileURL": media.file_url,
                "MediaId": media.media_id,
                "NewRegister": media.new_register,
            })
        });
        present(json!({
            "RegisteredMediaList": list.collect::<Vec<_>>(),
            "FailedFileURLs": self.failed_file_urls,
            "Reasons": Some(&self.reasons).filter(|reasons| !reasons.is_empty()),
        }))
    }
}

/// What is told of a video.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoSummary {
    /// The video.
    pub video_id: VideoId,
    /// As registered, or changed since.
    pub title: String,
    /// As registered, or changed since.
    pub description: Option<String>,
    /// Comma-separated.
    pub tags: Option<String>,
    /// As registered, or changed since.
    pub cate_id: Option<i64>,
    /// The caller's own id.
    pub reference_id: Option<String>,
    /// Wire name of its status.
    pub status: String,
    /// Once known, ms; on the wire seconds.
    pub duration_ms: Option<u64>,
    /// Bytes.
    pub size_bytes: u64,
    /// The user's, or a picture of the video.
    pub cover_url: Option<String>,
    /// Unix ms.
    pub created_ms: i64,
    /// Unix ms.
    pub modified_ms: i64,
    /// URLs of its cover pictures.
    pub snapshots: Vec<String>,
}

impl VideoSummary {
    /// Two of the actions have a bare array of snapshots, two an object around it.
    fn fields(&self, snapshots: &Value) -> Value {
        present(json!({
            "VideoId": self.video_id,
            "Title": self.title,
            "Description": self.description,
            "Tags": self.tags,
            "CateId": self.cate_id,
            "ReferenceId": self.reference_id,
            "Status": self.status,
            "Duration": self.duration_ms.map(seconds),
            "Size": self.size_bytes,
            "CoverURL": self.cover_url,
            "CreationTime": utc_time(self.created_ms),
            "ModificationTime": utc_time(self.modified_ms),
            "Snapshots": snapshots,
        }))
    }

    pub(super) fn with_wrapped_snapshots(&self) -> Value {
        self.fields(&json!({"Snapshot": self.snapshots}))
    }

    pub(super) fn with_bare_snapshots(&self) -> Value {
        self.fields(&json!(self.snapshots))
    }
}

/// A video.
#[derive(Debug, Clone, PartialEq)]
pub struct GetVideoInfo {
    /// What is told of it.
    pub video: VideoSummary,
}

impl Body for GetVideoInfo {
    const ACTION: Action = Action::GetVideoInfo;

    fn fields(&self) -> Value {
        json!({"Video": self.video.with_wrapped_snapshots()})
    }
}

/// Exact for any video that will ever be.
pub(super) fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// One video stream; the wire has its numbers as strings.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoStream {
    /// Such as `h264`.
    pub codec: String,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// Frames per second.
    pub frame_rate: f64,
}

/// The source file of a video.
#[derive(Debug, Clone, PartialEq)]
pub struct GetMezzanineInfo {
    /// The video.
    pub video_id: VideoId,
    /// As registered.
    pub file_url: String,
    /// Last part of the URL.
    pub file_name: String,
    /// Once known, ms; on the wire seconds, as a string.
    pub duration_ms: Option<u64>,
    /// Bytes.
    pub size_bytes: u64,
    /// `Normal` and so on.
    pub status: String,
    /// Unix ms.
    pub created_ms: i64,
    /// Once known.
    pub stream: Option<VideoStream>,
}

impl Body for GetMezzanineInfo {
    const ACTION: Action = Action::GetMezzanineInfo;

    fn fields(&self) -> Value {
        let stream = self.stream.as_ref();
        json!({"Mezzanine": present(json!({
            "VideoId": self.video_id,
            "FileURL": self.file_url,
            "FileName": self.file_name,
            "Duration": self.duration_ms.map(|ms| seconds(ms).to_string()),
            "Bitrate": self.duration_ms.and_then(|ms| kbit_s(self.size_bytes, ms)),
            "Fps": stream.map(|stream| stream.frame_rate.to_string()),
            "Width": stream.map(|stream| stream.width),
            "Height": stream.map(|stream| stream.height),
            "Size": self.size_bytes,
            "Status": self.status,
            "CreationTime": utc_time(self.created_ms),
            "VideoStreamList": stream.map(streamed).into_iter().collect::<Vec<_>>(),
            "AudioStreamList": [],
        }))})
    }
}

/// Bits per ms are kbit/s.
pub(super) fn kbit_s(bytes: u64, ms: u64) -> Option<String> {
    Some(bytes.saturating_mul(8).checked_div(ms)?.to_string())
}

fn streamed(stream: &VideoStream) -> Value {
    json!({
        "CodecName": stream.codec,
        "Width": stream.width.to_string(),
        "Height": stream.height.to_string(),
        "Fps": stream.frame_rate.to_string(),
    })
}
