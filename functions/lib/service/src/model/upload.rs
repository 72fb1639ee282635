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
}

impl Upload {
    /// The name of its file, which nothing else has.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.extension)
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
    },
    /// It cannot be done, ever.
    Fail {
        /// The name of an [`ErrorCode`](contract::error::ErrorCode).
        code: String,
        /// For a person.
        message: String,
    },
}
