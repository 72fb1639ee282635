//! The event that tells of a finished job and that of a new video.

mod dynamic_image;
mod kind;
mod upload;

pub use dynamic_image::{DynamicImageComplete, DynamicImageOutcome};
pub use kind::{EventStatus, EventType};
pub use upload::{FileUploadComplete, UploadByUrlComplete, UploadOutcome};

use crate::id::{JobId, VideoId};
use crate::storyboard::StoryboardFormat;
use crate::time::utc_time;
use serde_json::{Map, Value, json};

/// `SnapshotComplete`, in the state that the job ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotComplete {
    /// When the job ended, Unix ms.
    pub event_ms: i64,
    /// The video.
    pub video_id: VideoId,
    /// The job.
    pub job_id: JobId,
    /// Echoed from UserData.
    pub extend: Option<String>,
    /// How it ended.
    pub outcome: SnapshotOutcome,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotOutcome {
    /// With pictures.
    Success {
        /// URL of the first picture, if pictures stay.
        cover_url: Option<String>,
        /// One for each kind of pictures.
        infos: Vec<SnapshotInfo>,
    },
    /// Without.
    Fail {
        /// The name of an [`ErrorCode`](crate::error::ErrorCode).
        code: String,
        /// For a person.
        message: String,
    },
}

/// The pictures of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// `NormalSnapshot`, `SpriteSnapshot`...
    pub snapshot_type: String,
    /// How many.
    pub count: u64,
    /// Object key with `{SnapshotCount}` for the five-digit number.
    pub format: String,
    /// URL with `{SnapshotCount}`.
    pub regular: String,
    /// Each form that players read, and the URL of its first file. A field that the vendor lacks;
    /// absent where nobody asked for one.
    pub storyboards: Vec<(StoryboardFormat, String)>,
}

impl SnapshotComplete {
    /// The bytes that every subscriber gets: JSON, keys in the order of the documents' sample.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut event = Map::new();
        let mut put = |key: &str, value: Value| event.insert(key.to_owned(), value);
        put("EventTime", utc_time(self.event_ms).into());
        put("EventType", EventType::SnapshotComplete.name().into());
        put("SubType", "SpecifiedTime".into());
        put("VideoId", self.video_id.as_str().into());
        put("Status", self.status().name().into());
        if let SnapshotOutcome::Success {
            cover_url: Some(url),
            ..
        } = &self.outcome
        {
            put("CoverUrl", url.as_str().into());
        }
        if let Some(extend) = &self.extend {
            put("Extend", extend.as_str().into());
        }
        match &self.outcome {
            SnapshotOutcome::Success { infos, .. } => {
                put(
                    "SnapshotInfos",
                    infos.iter().map(|info| self.info(info)).collect(),
                );
            }
            SnapshotOutcome::Fail { code, message } => {
                put("ErrorCode", code.as_str().into());
                put("ErrorMessage", message.as_str().into());
                // Without infos nothing else would say which job failed.
                put("JobId", self.job_id.as_str().into());
            }
        }
        Value::Object(event).to_string().into_bytes()
    }

    /// How the job ended.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        match self.outcome {
            SnapshotOutcome::Success { .. } => EventStatus::Success,
            SnapshotOutcome::Fail { .. } => EventStatus::Fail,
        }
    }

    fn info(&self, info: &SnapshotInfo) -> Value {
        let mut value = json!({
            "Status": EventStatus::Success.name(),
            "SnapshotType": info.snapshot_type,
            "SnapshotCount": info.count,
            "SnapshotFormat": info.format,
            "SnapshotRegular": info.regular,
            "JobId": self.job_id,
        });
        if !info.storyboards.is_empty() {
            let boards = info.storyboards.iter();
            let board = |(format, url): &(StoryboardFormat, String)| json!({"Format": format.name(), "Url": url});
            value["Storyboards"] = boards.map(board).collect();
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(extend: Option<&str>, outcome: SnapshotOutcome) -> String {
        let event = SnapshotComplete {
            event_ms: 1_533_031_651_000,
            video_id: "v".into(),
            job_id: "j".into(),
            extend: extend.map(str::to_owned),
            outcome,
        };
        String::from_utf8(event.to_bytes()).unwrap()
    }

    fn success(kind: &str, cover_url: Option<&str>) -> SnapshotOutcome {
        let info = SnapshotInfo {
            snapshot_type: kind.to_owned(),
            count: 2,
            format: "v/j-{SnapshotCount}.jpg".to_owned(),
            regular: "http://h/v/j-{SnapshotCount}.jpg".to_owned(),
            storyboards: Vec::new(),
        };
        SnapshotOutcome::Success {
            cover_url: cover_url.map(str::to_owned),
            infos: vec![info],
        }
    }

    #[test]
    fn success_has_the_keys_of_the_sample_in_its_order() {
        assert_eq!(
            event(
                Some(r#"{"a":"中"}"#),
                success("NormalSnapshot", Some("http://h/c.jpg"))
            ),
            concat!(
                r#"{"EventTime":"2018-07-31T10:07:31Z","EventType":"SnapshotComplete","#,
                r#""SubType":"SpecifiedTime","VideoId":"v","Status":"success","#,
                r#""CoverUrl":"http://h/c.jpg","Extend":"{\"a\":\"中\"}","SnapshotInfos":[{"#,
                r#""Status":"success","SnapshotType":"NormalSnapshot","SnapshotCount":2,"#,
                r#""SnapshotFormat":"v/j-{SnapshotCount}.jpg","#,
                r#""SnapshotRegular":"http://h/v/j-{SnapshotCount}.jpg","JobId":"j"}]}"#
            )
        );
    }

    #[test]
    fn a_sprite_differs_in_its_type_alone() {
        let normal = event(None, success("NormalSnapshot", None));
        let sprite = event(None, success("SpriteSnapshot", None));
        assert_eq!(sprite, normal.replace("NormalSnapshot", "SpriteSnapshot"));
        assert!(!sprite.contains("CoverUrl") && !sprite.contains("Extend"));
    }

    #[test]
    fn forms_that_players_read_stand_behind_all_that_the_vendor_has() {
        let mut outcome = success("SpriteSnapshot", None);
        if let SnapshotOutcome::Success { infos, .. } = &mut outcome {
            infos[0].storyboards = vec![(StoryboardFormat::Hls, "http://h/v/j.m3u8".to_owned())];
        }
        let expected =
            r#""JobId":"j","Storyboards":[{"Format":"hls","Url":"http://h/v/j.m3u8"}]}]}"#;
        let event = event(None, outcome);
        assert!(event.ends_with(expected), "{event}");
    }

    #[test]
    fn failure_says_why_and_which_job() {
        let outcome = SnapshotOutcome::Fail {
            code: "InvalidParameter.ResourceContentBad".to_owned(),
            message: "The resource operated is bad/broken.".to_owned(),
        };
        assert_eq!(
            event(Some("x"), outcome),
            concat!(
                r#"{"EventTime":"2018-07-31T10:07:31Z","EventType":"SnapshotComplete","#,
                r#""SubType":"SpecifiedTime","VideoId":"v","Status":"fail","Extend":"x","#,
                r#""ErrorCode":"InvalidParameter.ResourceContentBad","#,
                r#""ErrorMessage":"The resource operated is bad/broken.","JobId":"j"}"#
            )
        );
    }
}
