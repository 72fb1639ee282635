//! How long deletions may keep a worker from other work.

use std::time::Duration;

/// The time after which what is left of a deletion goes to the end of the queue. A part of it that
/// has begun is done: each share comes further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletionShares {
    /// Of a message that asks for one.
    pub of_message: Duration,
    /// Of a job that removes its own pictures, which were deleted while it ran.
    pub of_job: Duration,
}

impl Default for DeletionShares {
    fn default() -> Self {
        Self {
            of_message: Duration::from_secs(10),
            of_job: Duration::from_secs(1),
        }
    }
}
