//! The event that tells of a video that came without a call.

use super::kind::{EventStatus, EventType};
use crate::id::VideoId;
use crate::time::utc_time;
use serde_json::json;

/// `FileUploadComplete`, as the vendor's page on the event has it. None tells of a failed upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUploadComplete {
    /// When the video was registered, Unix ms.
    pub event_ms: i64,
    /// The video.
    pub video_id: VideoId,
    /// Bytes of its file.
    pub size_bytes: u64,
    /// Where its file is: its FileURL.
    pub file_url: String,
}

impl FileUploadComplete {
    /// Its EventType.
    pub const TYPE: EventType = EventType::FileUploadComplete;

    /// Its only Status.
    pub const STATUS: EventStatus = EventStatus::Success;

    /// The bytes that every subscriber gets: JSON, keys in the order of the page's sample.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let event = json!({
            "Status": Self::STATUS.name(),
            "EventTime": utc_time(self.event_ms),
            "EventType": Self::TYPE.name(),
            "VideoId": self.video_id,
            "Size": self.size_bytes,
            "FileUrl": self.file_url,
        });
        event.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_keys_of_the_sample_in_its_order() {
        let event = FileUploadComplete {
            event_ms: 1_489_996_157_000,
            video_id: "v".into(),
            size_bytes: 1_439_213,
            file_url: "s3://b/a b.mp4".to_owned(),
        };
        assert_eq!(
            String::from_utf8(event.to_bytes()).as_deref(),
            Ok(concat!(
                r#"{"Status":"success","EventTime":"2017-03-20T07:49:17Z","#,
                r#""EventType":"FileUploadComplete","VideoId":"v","Size":1439213,"#,
                r#""FileUrl":"s3://b/a b.mp4"}"#
            ))
        );
    }
}
