//! The events that tell of a video that came without a call, or by an upload.

use super::kind::{EventStatus, EventType};
use crate::id::{JobId, VideoId};
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

/// `UploadByURLComplete`, as the vendor's page on the event has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadByUrlComplete {
    /// When the upload ended, Unix ms.
    pub event_ms: i64,
    /// The upload.
    pub job_id: JobId,
    /// Where the file was to come from.
    pub source_url: String,
    /// Extend of the request's UserData.
    pub extend: Option<String>,
    /// How it ended.
    pub outcome: UploadOutcome,
}

/// How an upload by URL has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadOutcome {
    /// With a video.
    Success {
        /// The video.
        video_id: VideoId,
        /// Bytes of its file.
        size_bytes: u64,
    },
    /// Without one.
    Fail {
        /// ErrorCode.
        code: String,
        /// ErrorMessage.
        message: String,
    },
}

impl UploadByUrlComplete {
    /// Its EventType.
    pub const TYPE: EventType = EventType::UploadByURLComplete;

    /// Its Status.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        match self.outcome {
            UploadOutcome::Success { .. } => EventStatus::Success,
            UploadOutcome::Fail { .. } => EventStatus::Fail,
        }
    }

    /// The bytes that every subscriber gets: JSON, keys in the order of the page's samples.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut event = json!({
            "Status": self.status().name(),
            "EventTime": utc_time(self.event_ms),
            "EventType": Self::TYPE.name(),
        });
        match &self.outcome {
            UploadOutcome::Success { video_id, .. } => event["VideoId"] = json!(video_id),
            UploadOutcome::Fail { code, message } => {
                event["ErrorCode"] = json!(code);
                event["ErrorMessage"] = json!(message);
            }
        }
        event["JobId"] = json!(self.job_id);
        event["SourceURL"] = json!(self.source_url);
        if let UploadOutcome::Success { size_bytes, .. } = self.outcome {
            // A string in the sample.
            event["Size"] = json!(size_bytes.to_string());
        }
        if let Some(extend) = &self.extend {
            event["Extend"] = json!(extend);
        }
        event.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_has_the_keys_of_the_samples_in_their_order() {
        let of = |outcome| {
            let event = UploadByUrlComplete {
                event_ms: 1_489_996_157_000,
                job_id: "j".into(),
                source_url: "http://a.example/a.mp4".to_owned(),
                extend: None,
                outcome,
            };
            String::from_utf8(event.to_bytes()).unwrap_or_default()
        };
        let there = of(UploadOutcome::Success {
            video_id: "v".into(),
            size_bytes: 123_456,
        });
        let failed = of(UploadOutcome::Fail {
            code: "C".to_owned(),
            message: "m".to_owned(),
        });
        assert_eq!(
            there,
            concat!(
                r#"{"Status":"success","EventTime":"2017-03-20T07:49:17Z","#,
                r#""EventType":"UploadByURLComplete","VideoId":"v","JobId":"j","#,
                r#""SourceURL":"http://a.example/a.mp4","Size":"123456"}"#
            )
        );
        assert_eq!(
            failed,
            concat!(
                r#"{"Status":"fail","EventTime":"2017-03-20T07:49:17Z","#,
                r#""EventType":"UploadByURLComplete","ErrorCode":"C","ErrorMessage":"m","#,
                r#""JobId":"j","SourceURL":"http://a.example/a.mp4"}"#
            )
        );
    }

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
