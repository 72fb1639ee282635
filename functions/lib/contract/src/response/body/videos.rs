//! Lists of videos, where a video is played, and what became of deletions.

use super::media::{VideoStream, VideoSummary, kbit_s, seconds};
use super::{Body, present};
use crate::action::Action;
use crate::id::VideoId;
use crate::time::utc_time;
use serde_json::{Value, json};

/// Several videos.
#[derive(Debug, Clone, PartialEq)]
pub struct GetVideoInfos {
    /// Those that are there, in the order asked for.
    pub videos: Vec<VideoSummary>,
    /// Ids of no video.
    pub missing_ids: Vec<String>,
    /// ReferenceIds of no video.
    pub missing_references: Vec<String>,
}

impl Body for GetVideoInfos {
    const ACTION: Action = Action::GetVideoInfos;

    fn fields(&self) -> Value {
        let videos = self.videos.iter().map(VideoSummary::with_bare_snapshots);
        json!({
            "VideoList": videos.collect::<Vec<_>>(),
            "NonExistVideoIds": self.missing_ids,
            "NonExistReferenceIds": self.missing_references,
        })
    }
}

/// A page of videos.
#[derive(Debug, Clone, PartialEq)]
pub struct GetVideoList {
    /// On all pages.
    pub total: u64,
    /// On this one.
    pub videos: Vec<VideoSummary>,
}

impl Body for GetVideoList {
    const ACTION: Action = Action::GetVideoList;

    fn fields(&self) -> Value {
        let videos = self.videos.iter().map(VideoSummary::with_wrapped_snapshots);
        json!({
            "Total": self.total,
            "VideoList": {"Video": videos.collect::<Vec<_>>()},
        })
    }
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchMedia {
    /// On all pages.
    pub total: u64,
    /// On this one.
    pub videos: Vec<VideoSummary>,
    /// Where it ends.
    pub scroll_token: Option<String>,
}

impl Body for SearchMedia {
    const ACTION: Action = Action::SearchMedia;

    fn fields(&self) -> Value {
        let media = self.videos.iter().map(|video| {
            json!({
                "MediaId": video.video_id,
                "MediaType": "video",
                "CreationTime": utc_time(video.created_ms),
                "Video": video.with_bare_snapshots(),
            })
        });
        present(json!({
            "Total": self.total,
            "MediaList": media.collect::<Vec<_>>(),
            "ScrollToken": self.scroll_token,
        }))
    }
}

/// Where a video is played: the source file, as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct GetPlayInfo {
    /// The video.
    pub video_id: VideoId,
    /// As registered, or changed since.
    pub title: String,
    /// Wire name of its status.
    pub status: String,
    /// The user's, or a picture of the video.
    pub cover_url: Option<String>,
    /// Once known, ms; on the wire seconds, as a string.
    pub duration_ms: Option<u64>,
    /// Bytes.
    pub size_bytes: u64,
    /// Such as `mp4`.
    pub format: String,
    /// Once known.
    pub stream: Option<VideoStream>,
    /// Signed, with an expiry.
    pub play_url: String,
    /// Unix ms.
    pub created_ms: i64,
    /// Unix ms.
    pub modified_ms: i64,
}

impl Body for GetPlayInfo {
    const ACTION: Action = Action::GetPlayInfo;

    fn fields(&self) -> Value {
        let duration = self.duration_ms.map(|ms| seconds(ms).to_string());
        let stream = self.stream.as_ref();
        let played = present(json!({
            "Definition": "OD",
            "Format": self.format,
            "StreamType": "video",
            "Status": "Normal",
            "Specification": "Original",
            "Duration": duration,
            "Size": self.size_bytes,
            "Width": stream.map(|stream| stream.width),
            "Height": stream.map(|stream| stream.height),
            "Fps": stream.map(|stream| stream.frame_rate.to_string()),
            "Bitrate": self.duration_ms.and_then(|ms| kbit_s(self.size_bytes, ms)),
            "CodecName": stream.map(|stream| &stream.codec),
            "Encrypt": 0,
            "PlayURL": self.play_url,
            "CreationTime": utc_time(self.created_ms),
            "ModificationTime": utc_time(self.modified_ms),
        }));
        json!({
            "VideoBase": present(json!({
                "VideoId": self.video_id,
                "Title": self.title,
                "Status": self.status,
                "Duration": duration,
                "CoverURL": self.cover_url,
                "MediaType": "video",
                "StorageClass": "Standard",
                "CreationTime": utc_time(self.created_ms),
            })),
            "PlayInfoList": {"PlayInfo": [played]},
        })
    }
}

/// The changes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpdateVideoInfo;

impl Body for UpdateVideoInfo {
    const ACTION: Action = Action::UpdateVideoInfo;

    fn fields(&self) -> Value {
        json!({})
    }
}

/// The videos are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeleteVideo {
    /// Ids of no video.
    pub missing_ids: Vec<String>,
    /// ReferenceIds of no video.
    pub missing_references: Vec<String>,
}

impl Body for DeleteVideo {
    const ACTION: Action = Action::DeleteVideo;

    fn fields(&self) -> Value {
        json!({
            "NonExistVideoIds": self.missing_ids,
            "NonExistReferenceIds": self.missing_references,
            "ForbiddenVideoIds": [],
        })
    }
}

/// What became of source files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeleteMezzanines {
    /// Ids of videos whose source files stay.
    pub kept_ids: Vec<String>,
    /// Ids of no video.
    pub missing_ids: Vec<String>,
    /// ReferenceIds of no video.
    pub missing_references: Vec<String>,
}

impl Body for DeleteMezzanines {
    const ACTION: Action = Action::DeleteMezzanines;

    fn fields(&self) -> Value {
        json!({
            "UnRemoveableVideoIds": self.kept_ids,
            "NonExistVideoIds": self.missing_ids,
            "NonExistReferenceIds": self.missing_references,
        })
    }
}
