//! When a job is divided.

use std::time::Duration;

/// When a job is divided, and how many of its parts run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSettings {
    /// About the most work of one part, as the time that one processor takes. A job of less is one run.
    pub work: Duration,
    /// Parts of one job that are on the queue or in hand at once, so that they don't hold up other jobs.
    pub at_once: u32,
}
