//! Waits for others: the source of a video that does not answer, the store that does not take
//! pictures. A budget of time is for the video, so it does not run meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Counts threads that wait for others. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Stalls(Arc<WaitCounts>);

#[derive(Debug, Default)]
struct WaitCounts {
    waiting: AtomicUsize,
    ended: AtomicU64,
}

/// One wait; it ends when this is dropped.
#[derive(Debug)]
pub struct StallGuard(Stalls);

impl Stalls {
    /// To be held by a thread while it waits.
    #[must_use]
    pub fn wait(&self) -> StallGuard {
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        StallGuard(self.clone())
    }

    /// Whether anybody waits.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.0.waiting.load(Ordering::Relaxed) > 0
    }

    /// How many waits have come to their end.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.0.ended.load(Ordering::Relaxed)
    }
}

impl Drop for StallGuard {
    fn drop(&mut self) {
        self.0.0.ended.fetch_add(1, Ordering::Relaxed);
        self.0.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
