//! GetJobDetail and ListJobInfo.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Job, JobResult, JobState, SnapshotType, VideoId};
use crate::pictures::storyboard_keys;
use crate::ports::PortResult;
use contract::command::{GetJobDetail, JobType, ListJobInfo};
use contract::error::ApiError;
use contract::response::body::{self, JobFailure, JobInfo, JobProgress, JobStatus, JobTrigger};
use contract::storyboard::StoryboardFormat;

/// A list has no pages in the contract; more jobs on one video than this are not shown.
const MAX_LISTED: usize = 1000;

impl Api {
    pub(super) async fn job_detail(&self, command: GetJobDetail) -> Reply {
        let found = match command.job_type {
            JobType::Snapshot => self
                .ports
                .jobs
                .get(&command.job_id)
                .await
                .map_err(port_failed)?,
            _ => None,
        };
        let job = found.ok_or_else(|| ApiError::no_such_resource(&command.job_id))?;
        reply(body::GetJobDetail {
            info: info(&job, self.settings.user_id),
            trigger: match job.is_of_covers() {
                true => JobTrigger::Auto,
                false => JobTrigger::Manual,
            },
            video_id: job.video_id,
            spec: job.spec,
        })
    }

    pub(super) async fn list_jobs(&self, command: ListJobInfo) -> Reply {
        let jobs = match command.job_type {
            JobType::Snapshot => self.jobs_of(&command.media_id).await.map_err(port_failed)?,
            _ => Vec::new(),
        };
        let user_id = self.settings.user_id;
        reply(body::ListJobInfo {
            job_type: command.job_type,
            media_id: command.media_id,
            // Nobody asked for system covers, so nobody looks for their job; and animated images are
            // no snapshots.
            jobs: jobs
                .iter()
                .filter(|job| !job.is_of_covers() && job.kind != SnapshotType::DynamicImage)
                .map(|job| info(job, user_id))
                .collect(),
        })
    }
}

impl Api {
    /// None of a video that was deleted, though each can still be asked for by its id.
    async fn jobs_of(&self, video_id: &VideoId) -> PortResult<Vec<Job>> {
        match self.ports.videos.by_id(video_id).await? {
            Some(_) => self.ports.jobs.by_video(video_id, MAX_LISTED).await,
            None => Ok(Vec::new()),
        }
    }
}

/// The vendor knows no `Queued`: clients wait for as long as they read `Processing`.
fn info(job: &Job, user_id: i64) -> JobInfo {
    let (status, completed_ms) = match &job.state {
        JobState::Queued | JobState::Processing => (JobStatus::Processing, None),
        JobState::Completed(completion) => match completion.result {
            JobResult::Success { .. } => (JobStatus::Success, Some(completion.at_ms)),
            JobResult::Fail { .. } => (JobStatus::Fail, Some(completion.at_ms)),
        },
    };
    JobInfo {
        job_id: job.id.clone(),
        status,
        created_ms: job.created_ms,
        completed_ms,
        user_id,
        failure: failure(job),
        progress: progress(job),
    }
}

fn failure(job: &Job) -> Option<JobFailure> {
    match result(job)? {
        JobResult::Success { .. } => None,
        JobResult::Fail { code, message } => Some(JobFailure {
            code: code.clone(),
            message: message.clone(),
        }),
    }
}

/// All of a job that succeeded; of others what a run last said.
fn progress(job: &Job) -> Option<JobProgress> {
    let Some(JobResult::Success {
        pictures,
        sheets,
        keeps_pictures,
        ..
    }) = result(job)
    else {
        return job.progress;
    };
    let pictures = if *keeps_pictures { *pictures } else { 0 };
    let has_own_file = [SnapshotType::WebVttSnapshot, SnapshotType::DynamicImage];
    let lists = u32::from(has_own_file.contains(&job.kind));
    let told = storyboard_keys(job).into_iter();
    let told = told
        .filter(|file| file.format != StoryboardFormat::Jellyfin)
        .count();
    let told = u32::try_from(told).unwrap_or(u32::MAX);
    let total = [*sheets, lists, told].into_iter();
    let total = total.fold(pictures, u32::saturating_add);
    Some(JobProgress { done: total, total })
}

fn result(job: &Job) -> Option<&JobResult> {
    match &job.state {
        JobState::Completed(completion) => Some(&completion.result),
        JobState::Queued | JobState::Processing => None,
    }
}
