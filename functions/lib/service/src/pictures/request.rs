//! What to take, of which file, and from where on.

use super::checkpoint::Checkpoint;
use super::destination::Destination;
use super::engine::Engine;
use super::scope::Scope;
use crate::model::{Job, JobId, SnapshotType, UnixMs, VideoId};
use contract::snapshot::SnapshotSpec;
use media::TrackExcerpt;
use plan::{Deadline, Limits};
use serde::{Deserialize, Serialize};
use source::RangeSource;
use std::sync::Arc;

/// All that pictures depend on beside their video: the same task on the same file gives the same
/// bytes under the same keys. A job of a store is one; so is a call of the command line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotTask {
    /// Part of every key.
    pub job_id: JobId,
    /// Part of every key.
    pub video_id: VideoId,
    /// What it takes.
    pub spec: SnapshotSpec,
    /// What it makes.
    pub kind: SnapshotType,
    /// When it was asked for: CreationTime of the manifest.
    pub created_ms: UnixMs,
}

impl From<&Job> for SnapshotTask {
    fn from(job: &Job) -> Self {
        Self {
            job_id: job.id.clone(),
            video_id: job.video_id.clone(),
            spec: job.spec.clone(),
            kind: job.kind,
            created_ms: job.created_ms,
        }
    }
}

/// One task on one file.
#[derive(Debug, Clone)]
pub struct JobRequest {
    /// What to take.
    pub task: SnapshotTask,
    /// The video.
    pub source: Arc<dyn RangeSource>,
    /// How much of the task.
    pub scope: Scope,
    /// What an index tells of a part: taken in place of reading it, where the file is the one that
    /// `done` is of.
    pub excerpt: Option<Arc<TrackExcerpt>>,
    /// What an earlier run has done.
    pub done: Checkpoint,
    /// Where its files go.
    pub destination: Destination,
    /// When to stop at what is done.
    pub until: Deadline,
}

impl JobRequest {
    /// All of a task into a folder, however long it takes.
    #[must_use]
    pub fn whole(task: SnapshotTask, source: Arc<dyn RangeSource>) -> Self {
        Self {
            task,
            source,
            scope: Scope::Whole,
            excerpt: None,
            done: Checkpoint::default(),
            destination: Destination::Folder,
            until: Deadline::none(),
        }
    }

    /// No call may take longer than there is time.
    pub(super) fn limits(&self, engine: &Engine) -> Limits {
        Limits {
            wall: self.until.bound(engine.limits.wall),
            deadline: self.until.clone(),
            ..engine.limits.clone()
        }
    }
}
