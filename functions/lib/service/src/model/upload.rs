//! Uploads by URL.

use super::{JobId, UnixMs, VideoId};
use serde::{Deserialize, Serialize};

/// One accepted upload: a file that is downloaded and becomes a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its own.
    pub id: JobId,
    /// The video that it becomes. Settled before there is one, so that a run that is repeated makes
    /// no second video.
    pub video_id: VideoId,
    /// Where the file comes from.
    pub source_url: String,
    /// Of the file's name, such as `mp4`.
    pub extension: String,
    /// Of the video.
    pub title: String,
    /// Of the video.
    pub description: Option<String>,
    /// Of the video, comma-separated.
    pub tags: Option<String>,
    /// Of the video.
    pub cover_url: Option<String>,
    /// Of the video.
    pub cate_id: Option<i64>,
    /// Of the video, unique.
    pub reference_id: Option<String>,
    /// Whether the video is Normal at once.
    pub is_playable: bool,
    /// UserData of the call; its callback gets the events, and later jobs of the video inherit it.
    pub user_data: Option<String>,
    /// When it was accepted.
    pub created_ms: UnixMs,
    /// How far it is.
    #[serde(skip)]
    pub state: UploadState,
    /// Whether the events of its end are known to be published.
    #[serde(skip)]
    pub events_published: bool,
    /// What its runs came to.
    #[serde(skip)]
    pub trials: UploadTrials,
}

impl Upload {
    /// How long one can be asked for after it ended; its video stays. One that goes on is kept until it
    /// ends.
    pub const KEPT_DAYS: u32 = 30;
}

/// What the runs of an upload that has not ended came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadTrials {
    /// Since when they met nothing but trouble.
    pub waiting_since_ms: Option<UnixMs>,
    /// How many asked its URL and came to no file.
    pub failed_downloads: u32,
    /// Whether its file was there: one that is not there any more was deleted.
    pub has_file: bool,
}

impl Upload {
    /// The name of its file, which nothing else has.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.extension)
    }

    /// The video that it has become, by this end.
    #[must_use]
    pub fn media_id(&self, end: &UploadEnd) -> VideoId {
        match &end.result {
            UploadResult::Success {
                known_video_id: Some(known),
                ..
            } => known.clone(),
            _ => self.video_id.clone(),
        }
    }

    /// Whether a file of this name can be the one of an upload.
    #[must_use]
    pub fn is_file_name(name: &str) -> bool {
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        name.split_once('.')
            .is_some_and(|(id, extension)| id.len() == 32 && is_plain(id) && is_plain(extension))
    }
}

/// How far an upload is. It moves forward only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum UploadState {
    /// Accepted, not yet begun.
    #[default]
    Pending,
    /// A worker has had it.
    Processing,
    /// It has become a video, or never will.
    Ended(UploadEnd),
}

/// How an upload ended. Written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadEnd {
    /// When.
    pub at_ms: UnixMs,
    /// With what.
    pub result: UploadResult,
}

/// What came of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UploadResult {
    /// Its video.
    Success {
        /// Bytes of the file.
        size_bytes: u64,
        /// Where it lies: the FileURL of the video.
        file_url: String,
        /// The video, where somebody had registered the file before the upload did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        known_video_id: Option<VideoId>,
    },
    /// It cannot be done, ever.
    Fail {
        /// The name of an [`ErrorCode`](contract::error::ErrorCode).
        code: String,
        /// For a person.
        message: String,
    },
}
