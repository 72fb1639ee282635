//! The event that tells of an animated image.

use super::{EventStatus, EventType};
use crate::id::{JobId, VideoId};
use crate::time::utc_time;
use serde_json::{Map, Value, json};

/// `DynamicImageComplete`, in the state that the job ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DynamicImageComplete {
    /// When the job ended, Unix ms.
    pub event_ms: i64,
    /// The video.
    pub video_id: VideoId,
    /// The job.
    pub job_id: JobId,
    /// How it ended.
    pub outcome: DynamicImageOutcome,
}

/// How a job of an animated image ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DynamicImageOutcome {
    /// With one.
    Success {
        /// Where it is.
        url: String,
        /// Size of its file.
        bytes: u64,
        /// Frames a second.
        fps: String,
        /// px
        width: u32,
        /// px
        height: u32,
    },
    /// Without.
    Fail {
        /// The name of an [`ErrorCode`](crate::error::ErrorCode).
        code: String,
        /// For a person.
        message: String,
    },
}

impl DynamicImageComplete {
    /// Its type.
    pub const TYPE: EventType = EventType::DynamicImageComplete;

    /// How the job ended.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        match self.outcome {
            DynamicImageOutcome::Success { .. } => EventStatus::Success,
            DynamicImageOutcome::Fail { .. } => EventStatus::Fail,
        }
    }

    /// The bytes that every subscriber gets. What tells of the image is JSON in a string, as the vendor
    /// documents it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut event = Map::new();
        let mut put = |key: &str, value: Value| event.insert(key.to_owned(), value);
        put("Status", self.status().name().into());
        put("VideoId", self.video_id.as_str().into());
        put("EventType", Self::TYPE.name().into());
        put("EventTime", utc_time(self.event_ms).into());
        match &self.outcome {
            DynamicImageOutcome::Success {
                url,
                bytes,
                fps,
                width,
                height,
            } => {
                let info = json!({
                    "FileSize": bytes.to_string(),
                    "FileURL": url,
                    "Fps": fps,
                    "Height": height.to_string(),
                    "JobId": self.job_id,
                    "Status": self.status().name(),
                    "Width": width.to_string(),
                });
                put("DynamicImageJobInfo", info.to_string().into());
            }
            DynamicImageOutcome::Fail { code, message } => {
                put("ErrorCode", code.as_str().into());
                put("ErrorMessage", message.as_str().into());
            }
        }
        put("JobId", self.job_id.as_str().into());
        Value::Object(event).to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(outcome: DynamicImageOutcome) -> String {
        let event = DynamicImageComplete {
            event_ms: 1_572_945_178_000,
            video_id: "v".into(),
            job_id: "j".into(),
            outcome,
        };
        String::from_utf8(event.to_bytes()).unwrap()
    }

    #[test]
    fn success_has_the_keys_of_the_sample_in_its_order() {
        let outcome = DynamicImageOutcome::Success {
            url: "http://h/v/j.gif".to_owned(),
            bytes: 1_834_831,
            fps: "25".to_owned(),
            width: 200,
            height: 200,
        };
        assert_eq!(
            event(outcome),
            concat!(
                r#"{"Status":"success","VideoId":"v","EventType":"DynamicImageComplete","#,
                r#""EventTime":"2019-11-05T09:12:58Z","DynamicImageJobInfo":"#,
                r#""{\"FileSize\":\"1834831\",\"FileURL\":\"http://h/v/j.gif\",\"Fps\":\"25\","#,
                r#"\"Height\":\"200\",\"JobId\":\"j\",\"Status\":\"success\",\"Width\":\"200\"}","#,
                r#""JobId":"j"}"#
            )
        );
    }

    #[test]
    fn failure_says_why() {
        let outcome = DynamicImageOutcome::Fail {
            code: "InternalError".to_owned(),
            message: "x".to_owned(),
        };
        assert_eq!(
            event(outcome),
            concat!(
                r#"{"Status":"fail","VideoId":"v","EventType":"DynamicImageComplete","#,
                r#""EventTime":"2019-11-05T09:12:58Z","ErrorCode":"InternalError","#,
                r#""ErrorMessage":"x","JobId":"j"}"#
            )
        );
    }
}
