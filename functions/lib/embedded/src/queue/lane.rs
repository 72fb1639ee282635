//! Who works on a message.

use service::model::Message;
use std::sync::Arc;
use tokio::sync::Notify;

/// A kind of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Runs jobs, and what nobody waits for after them.
    Jobs,
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

impl Lane {
    /// Whose workers take a message.
    pub(super) fn of(message: &Message) -> Self {
        match column(message) {
            UPLOADS => Self::Uploads,
            DELETIONS => Self::Deletions,
            _ => Self::Jobs,
        }
    }

    /// What its workers take, each only where there is nothing of those before it.
    pub(super) fn columns(self) -> (i64, i64) {
        match self {
            Self::Jobs => (WAITED_FOR, UNWATCHED),
            Self::Uploads => (UPLOADS, UPLOADS),
            Self::Deletions => (DELETIONS, DELETIONS),
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

/// The column of a message.
pub(super) fn column(message: &Message) -> i64 {
    match message {
        Message::Snapshot { .. } | Message::Probe { .. } | Message::ObjectCreated { .. } => {
            WAITED_FOR
        }
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
            Lane::Jobs => &self.jobs,
            Lane::Uploads => &self.uploads,
            Lane::Deletions => &self.deletions,
        }
    }
}
