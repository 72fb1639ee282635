use super::PortResult;
use crate::model::{Completion, Job, SnapshotType};
use async_trait::async_trait;

/// The jobs. A job's state only ever moves Queued -> Processing -> Completed.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Stores a new job. An id that is there already is an error.
    async fn create(&self, job: &Job) -> PortResult<()>;

    /// The job with this id; any string may be asked for.
    async fn get(&self, id: &str) -> PortResult<Option<Job>>;

    /// Queued becomes Processing; a job that is further stays as it is.
    async fn start(&self, id: &str) -> PortResult<()>;

    /// Completes the job if it is not completed: one conditional write. Gives the completion
    /// that holds from now on, which is not `completion` when another came first.
    async fn complete(&self, id: &str, completion: &Completion) -> PortResult<Completion>;

    /// Remembers that the event of the completion is published.
    async fn record_published(&self, id: &str) -> PortResult<()>;

    /// The jobs of a video, newest first, at most `limit`.
    async fn by_video(&self, video_id: &str, limit: usize) -> PortResult<Vec<Job>>;

    /// The newest successful job of `kind` (contract section 3.1), by creation then id.
    async fn latest_success(&self, video_id: &str, kind: SnapshotType) -> PortResult<Option<Job>>;
}
