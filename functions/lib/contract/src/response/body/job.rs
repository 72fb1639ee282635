//! Jobs.

use super::{Body, present};
use crate::action::Action;
use crate::command::JobType;
use crate::id::{JobId, VideoId};
use crate::snapshot::{Color, Extent, FrameType, PointSpec, SnapshotSpec, SpriteSpec};
use crate::time::utc_time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The job is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitSnapshotJob {
    /// 32 lower-case hex digits.
    pub job_id: JobId,
}

impl Body for SubmitSnapshotJob {
    const ACTION: Action = Action::SubmitSnapshotJob;

    fn fields(&self) -> Value {
        json!({"SnapshotJob": {"JobId": self.job_id}})
    }
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// Waiting or running.
    Processing,
    /// Ended without pictures.
    Fail,
    /// Ended with pictures.
    Success,
}

impl JobStatus {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Processing => "Processing",
            Self::Fail => "Fail",
            Self::Success => "Success",
        }
    }
}

/// A job's dates and state, as a list of jobs shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobInfo {
    /// The job.
    pub job_id: JobId,
    /// How it stands.
    pub status: JobStatus,
    /// When it was submitted, Unix ms.
    pub created_ms: i64,
    /// When it ended, Unix ms.
    pub completed_ms: Option<i64>,
    /// The account.
    pub user_id: i64,
    /// Why it ended without pictures. A field that the vendor lacks.
    pub failure: Option<JobFailure>,
    /// How far it is, once that is known. A field that the vendor lacks.
    pub progress: Option<JobProgress>,
}

/// Why a job ended without pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// As in the event.
    pub code: String,
    /// As in the event.
    pub message: String,
}

/// How far a job is, in files: pictures, sheets, and what lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// Written by now.
    pub done: u32,
    /// That it makes in all.
    pub total: u32,
}

impl JobInfo {
    fn error_code(&self) -> Option<&str> {
        Some(&self.failure.as_ref()?.code)
    }

    fn error_message(&self) -> Option<&str> {
        Some(&self.failure.as_ref()?.message)
    }

    fn wire_progress(&self) -> Option<Value> {
        let progress = self.progress?;
        Some(json!({"Done": progress.done, "Total": progress.total}))
    }
}

/// Everything about a snapshot job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetJobDetail {
    /// Dates and state.
    pub info: JobInfo,
    /// The video.
    pub video_id: VideoId,
    /// What it takes.
    pub spec: SnapshotSpec,
    /// Whether a call asked for it, or the service did by itself.
    pub trigger: JobTrigger,
}

/// Who asked for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobTrigger {
    /// The service itself.
    Auto,
    /// A call.
    Manual,
}

impl JobTrigger {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Manual => "Manual",
        }
    }
}

impl Body for GetJobDetail {
    const ACTION: Action = Action::GetJobDetail;

    fn fields(&self) -> Value {
        let info = &self.info;
        json!({
            "JobType": JobType::Snapshot.name(),
            "SnapshotJobDetail": present(json!({
                "JobId": info.job_id,
                "VideoId": self.video_id,
                "UserId": info.user_id,
                "Status": info.status.name(),
                "Trigger": self.trigger.name(),
                "CreateTime": utc_time(info.created_ms),
                "CompleteTime": info.completed_ms.map(utc_time),
                "ErrorCode": info.error_code(),
                "ErrorMessage": info.error_message(),
                "Progress": info.wire_progress(),
                "NormalConfig": self.spec.animation.is_none().then(|| normal_config(&self.spec).to_string()),
                "SpriteConfig": self.spec.sprite.as_ref().map(|s| sprite_config(s).to_string()),
            })),
        })
    }
}

/// The short names are the engine's own; sizes are strings there.
fn normal_config(spec: &SnapshotSpec) -> Value {
    let (interval, count, offset, times) = match &spec.points {
        PointSpec::Evenly { count, offset_ms } => {
            (Some(json!(0)), Some(*count), Some(*offset_ms), None)
        }
        PointSpec::Every {
            interval_s,
            count,
            offset_ms,
        } => (Some(json!(interval_s)), *count, Some(*offset_ms), None),
        PointSpec::At { times_ms } => (None, None, None, Some(times_ms)),
        PointSpec::Automatic => (Some(json!(AUTOMATIC)), None, None, None),
        PointSpec::Fine(_) => (None, None, None, None),
    };
    let frame_type = match spec.frame_type {
        FrameType::Normal => "normal",
        FrameType::Intra => "intra",
    };
    present(json!({
        "inl": interval,
        "num": count,
        "tm": offset,
        "tms": times,
        "wd": spec.width.map(|px| px.to_string()),
        "ft": frame_type,
        "hg": spec.height.map(|px| px.to_string()),
    }))
}

fn sprite_config(sprite: &SpriteSpec) -> Value {
    let color = match sprite.color {
        Color::Random => "random".to_owned(),
        Color::Rgb([r, g, b]) => format!("#{r:02X}{g:02X}{b:02X}"),
    };
    let extent = |given: u32, extent| match extent {
        Extent::Needed => AUTOMATIC.to_owned(),
        Extent::Exact | Extent::Fitting => given.to_string(),
    };
    let side = |given: Option<u32>| match sprite.fit.cell {
        true => Some(AUTOMATIC.to_owned()),
        false => given.map(|px| px.to_string()),
    };
    present(json!({
        "pad": sprite.padding.to_string(),
        "lines": extent(sprite.lines, sprite.fit.lines),
        "mgin": sprite.margin.to_string(),
        "cols": extent(sprite.columns, sprite.fit.columns),
        "ikcp": sprite.keep_cell_pic.to_string(),
        "outs": outputs(sprite),
        "color": color,
        "wd": side(sprite.cell_width),
        "hg": side(sprite.cell_height),
    }))
}

/// What the video decides.
const AUTOMATIC: &str = "auto";

/// The forms that players read; none where nobody asked for any. A name that the vendor lacks.
fn outputs(sprite: &SpriteSpec) -> Option<String> {
    let names: Vec<_> = sprite.outputs.iter().map(|format| format.name()).collect();
    (!names.is_empty()).then(|| names.join(","))
}

/// The jobs of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListJobInfo {
    /// As asked.
    pub job_type: JobType,
    /// The video.
    pub media_id: VideoId,
    /// Newest first.
    pub jobs: Vec<JobInfo>,
}

impl Body for ListJobInfo {
    const ACTION: Action = Action::ListJobInfo;

    fn fields(&self) -> Value {
        json!({
            "JobType": self.job_type.name(),
            "MediaId": self.media_id,
            "JobInfoList": self.jobs.iter().map(listed).collect::<Vec<_>>(),
        })
    }
}

fn listed(job: &JobInfo) -> Value {
    present(json!({
        "JobId": job.job_id,
        "Status": job.status.name(),
        "CreateTime": utc_time(job.created_ms),
        "CompleteTime": job.completed_ms.map(utc_time),
        "UserId": job.user_id,
        "ErrorCode": job.error_code(),
        "ErrorMessage": job.error_message(),
        "Progress": job.wire_progress(),
    }))
}
