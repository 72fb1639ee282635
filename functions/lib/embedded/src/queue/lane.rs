//! Who works on a message.

use service::model::{Job, Message};
use std::sync::Arc;
use tokio::sync::Notify;

/// A kind of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Runs jobs, small ones first within bounds, and what nobody waits for after them.
    Jobs,
    /// Runs small jobs only: large ones can't occupy all workers.
    SmallJobs,
    /// Downloads. A slow server holds up other downloads only.
    Uploads,
    /// Deletes. A large deletion holds up other deletions only, and none waits for jobs.
    Deletions,
}

/// Of the column `lane`.
const WAITED_FOR: i64 = 0;
const UPLOADS: i64 = 1;
const UNWATCHED: i64 = 2;
const DELETIONS: i64 = 3;
const SMALL: i64 = 4;

/// A job with at most so many pictures is small: more than the covers of a video or the points of one
/// call, and a few seconds of work.
const SMALL_PICTURES: usize = 32;

/// So long is a job that waits passed by small ones that came later.
pub(super) const PASSED_FOR_MS: i64 = 30_000;

impl Lane {
    /// Whose workers take a message.
    pub(super) fn of(message: &Message) -> Self {
        match column(message) {
            UPLOADS => Self::Uploads,
            DELETIONS => Self::Deletions,
            _ => Self::Jobs,
        }
    }

    /// What its workers take: what comes first of the first two, of which the second one is passed by
    /// the first for [`PASSED_FOR_MS`], and only where there is neither, the third.
    pub(super) fn columns(self) -> (i64, i64, i64) {
        match self {
            Self::Jobs => (SMALL, WAITED_FOR, UNWATCHED),
            Self::SmallJobs => (SMALL, SMALL, SMALL),
            Self::Uploads => (UPLOADS, UPLOADS, UPLOADS),
            Self::Deletions => (DELETIONS, DELETIONS, DELETIONS),
        }
    }
}

/// Names of the kinds of workers, for those who watch them.
pub(crate) const LANES: [&str; 3] = ["jobs", "uploads", "deletions"];

/// Whose workers take the messages of a column.
pub(crate) fn lane_of_column(column: i64) -> &'static str {
    match column {
        UPLOADS => "uploads",
        DELETIONS => "deletions",
        _ => "jobs",
    }
}

/// The column of a message, and of the job that it is for.
pub(super) fn column_of(message: &Message, job: Option<&Job>) -> i64 {
    match message {
        Message::Snapshot { .. } if job.is_some_and(is_small) => SMALL,
        message => column(message),
    }
}

fn is_small(job: &Job) -> bool {
    let most = job.spec.points.most();
    most.is_some_and(|most| most <= SMALL_PICTURES)
}

/// The column of a message where nothing is known of its job.
fn column(message: &Message) -> i64 {
    match message {
        Message::Snapshot { .. } | Message::Part { .. } => WAITED_FOR,
        Message::Probe { .. } | Message::ObjectCreated { .. } => SMALL,
        Message::Upload { .. } => UPLOADS,
        Message::Covers { .. } => UNWATCHED,
        Message::DeletePictures { .. } | Message::DeleteVideo { .. } => DELETIONS,
    }
}

/// Told after every commit that may let a waiting worker of a lane receive something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arrivals {
    pub(crate) jobs: Arc<Notify>,
    uploads: Arc<Notify>,
    deletions: Arc<Notify>,
}

impl Arrivals {
    pub(super) fn of(&self, lane: Lane) -> &Arc<Notify> {
        match lane {
            Lane::Jobs | Lane::SmallJobs => &self.jobs,
            Lane::Uploads => &self.uploads,
            Lane::Deletions => &self.deletions,
        }
    }
}
