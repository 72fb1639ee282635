//! Uploads by URL.

use super::{Body, present};
use crate::action::Action;
use crate::id::{JobId, VideoId};
use crate::time::utc_time;
use serde_json::{Value, json};

/// The uploads that were accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadMediaByURL {
    /// Each with its SourceURL, in the order given.
    pub jobs: Vec<(JobId, String)>,
}

impl Body for UploadMediaByURL {
    const ACTION: Action = Action::UploadMediaByURL;

    fn fields(&self) -> Value {
        let jobs = self.jobs.iter();
        let jobs = jobs.map(|(id, url)| json!({"JobId": id, "SourceURL": url}));
        json!({"UploadJobs": jobs.collect::<Vec<_>>()})
    }
}

/// How an upload stands, by the vendor's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStatus {
    /// It waits.
    Pending,
    /// It is being downloaded, or will be again.
    Processing,
    /// It is a video.
    Success,
    /// It has ended without one.
    Fail,
}

impl UploadStatus {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
        }
    }
}

/// What is told of one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadInfo {
    /// Its own.
    pub job_id: JobId,
    /// As it was called.
    pub upload_url: String,
    /// How it stands.
    pub status: UploadStatus,
    /// The video, once there is one.
    pub media_id: Option<VideoId>,
    /// Bytes, once they are all there.
    pub size_bytes: Option<u64>,
    /// Unix ms.
    pub created_ms: i64,
    /// Unix ms.
    pub completed_ms: Option<i64>,
    /// ErrorCode and ErrorMessage of one that failed.
    pub error: Option<(String, String)>,
    /// As given.
    pub user_data: Option<String>,
}

/// How uploads stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetURLUploadInfos {
    /// Those that there are.
    pub infos: Vec<UploadInfo>,
    /// Ids or URLs of none.
    pub non_exists: Vec<String>,
}

impl Body for GetURLUploadInfos {
    const ACTION: Action = Action::GetURLUploadInfos;

    fn fields(&self) -> Value {
        json!({
            "NonExists": self.non_exists,
            "URLUploadInfoList": self.infos.iter().map(info).collect::<Vec<_>>(),
        })
    }
}

fn info(info: &UploadInfo) -> Value {
    let (code, message) = info.error.clone().unzip();
    present(json!({
        "JobId": info.job_id,
        "UploadURL": info.upload_url,
        "MediaId": info.media_id,
        // A string in the vendor's model.
        "FileSize": info.size_bytes.map(|bytes| bytes.to_string()),
        "Status": info.status.name(),
        "ErrorCode": code,
        "ErrorMessage": message,
        "CreationTime": utc_time(info.created_ms),
        "CompleteTime": info.completed_ms.map(utc_time),
        "UserData": info.user_data,
    }))
}
