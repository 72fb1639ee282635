use super::PortResult;
use crate::model::{Completion, Job, JobId, JobProgress, RunEnd, RunTrials, SnapshotType, VideoId};
use async_trait::async_trait;

/// The jobs. A job's state only ever moves Queued -> Processing -> Completed.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Stores a new job. An id that is there already is an error.
    async fn create(&self, job: &Job) -> PortResult<()>;

    /// The job with this id; any string may be asked for.
    async fn get(&self, id: &JobId) -> PortResult<Option<Job>>;

    /// A run begins: the job becomes Processing, and one more of its runs has not ended. Gives
    /// its trials as they were before; of a job that was stored before there were any, none of
    /// each. A job that is completed, or not there, stays as it is and gives none.
    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>>;

    /// Remembers how a run ended, or that it is alive and came further: from now on no run has
    /// not ended. One conditional write; false where the job is completed, or not there, and
    /// nothing was written.
    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool>;

    /// Remembers how far the job is, unless it is known to be further on the way to the same total: several
    /// runs of one job may tell of it. A job that is completed, or not there, stays as it is.
    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()>;

    /// Completes the job if it is not completed: one conditional write. Gives the completion
    /// that holds from now on, which is not `completion` when another came first.
    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion>;

    /// Remembers that the event of the completion is published.
    async fn record_published(&self, id: &JobId) -> PortResult<()>;

    /// The jobs of a video, newest first, at most `limit`.
    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>>;

    /// The newest successful job of `kind`, by creation then id.
    async fn latest_success(
        &self,
        video_id: &VideoId,
        kind: SnapshotType,
    ) -> PortResult<Option<Job>>;
}
