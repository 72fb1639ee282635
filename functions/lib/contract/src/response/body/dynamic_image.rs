//! Animated images of a video.

use super::Body;
use crate::action::Action;
use crate::animation::{AnimationFormat, thousandths};
use crate::id::{JobId, VideoId};
use crate::time::utc_time;
use serde_json::{Value, json};

/// The job is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitDynamicImageJob {
    /// 32 lower-case hex digits.
    pub job_id: JobId,
}

impl Body for SubmitDynamicImageJob {
    const ACTION: Action = Action::SubmitDynamicImageJob;

    fn fields(&self) -> Value {
        json!({"DynamicImageJob": {"JobId": self.job_id}})
    }
}

/// The animated images of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDynamicImage {
    /// The video.
    pub video_id: VideoId,
    /// Newest first.
    pub images: Vec<DynamicImage>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DynamicImage {
    /// When its job was submitted, Unix ms.
    pub created_ms: i64,
    /// Its job makes no other: the id of one is that of the other.
    pub job_id: JobId,
    /// Where it is.
    pub url: String,
    /// What it is.
    pub format: AnimationFormat,
    /// Frames a second.
    pub fps: String,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// ms
    pub duration_ms: u64,
    /// Size of its file.
    pub bytes: u64,
}

impl Body for ListDynamicImage {
    const ACTION: Action = Action::ListDynamicImage;

    /// All of them are strings, as in the vendor's SDKs.
    fn fields(&self) -> Value {
        let image = |image: &DynamicImage| {
            json!({
                "CreationTime": utc_time(image.created_ms),
                "FileURL": image.url,
                "VideoId": self.video_id,
                "Width": image.width.to_string(),
                "JobId": image.job_id,
                "Height": image.height.to_string(),
                "Fps": image.fps,
                "Duration": thousandths(image.duration_ms),
                "Format": image.format.name(),
                "DynamicImageId": image.job_id,
                "FileSize": image.bytes.to_string(),
            })
        };
        let images: Vec<_> = self.images.iter().map(image).collect();
        json!({"DynamicImageList": images})
    }
}

/// They are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteDynamicImage;

impl Body for DeleteDynamicImage {
    const ACTION: Action = Action::DeleteDynamicImage;

    fn fields(&self) -> Value {
        json!({})
    }
}
