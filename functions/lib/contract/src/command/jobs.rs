use super::ids::{other_id, video_id};
use crate::error::ApiError;
use crate::id::{JobId, VideoId};
use crate::parameters::Values;

/// A documented kind of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobType {
    /// The only kind there is here.
    Snapshot,
    /// Never here.
    Transcode,
    /// Never here.
    Ai,
    /// Never here.
    Workflow,
}

impl JobType {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Transcode => "transcode",
            Self::Ai => "ai",
            Self::Workflow => "workflow",
        }
    }

    fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(match values.word("JobType")? {
            Some("transcode") => Self::Transcode,
            Some("ai") => Self::Ai,
            Some("workflow") => Self::Workflow,
            _ => Self::Snapshot,
        })
    }
}

/// Tell how a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetJobDetail {
    /// At most 64 characters of any kind.
    pub job_id: JobId,
    /// As said.
    pub job_type: JobType,
}

impl GetJobDetail {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let job_type = JobType::read(values)?;
        Ok(Self {
            job_id: other_id(values, "JobId").into(),
            job_type,
        })
    }
}

/// List the jobs of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListJobInfo {
    /// The VideoId, fit to be part of a key.
    pub media_id: VideoId,
    /// As said.
    pub job_type: JobType,
}

impl ListJobInfo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let job_type = JobType::read(values)?;
        Ok(Self {
            media_id: video_id(values, "MediaId")?,
            job_type,
        })
    }
}
