//! What may be spent on taking damaged pictures again.

use crate::JobLimits;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is decoded before a damaged picture is of so many pixels at most: 600 frames of 1080p.
pub const PIXELS_BEFORE: u64 = 600 * 1920 * 1080;

/// The processor time that retakes of one extraction used.
#[derive(Debug, Default)]
pub struct RetakeBudget {
    spent_ms: AtomicU64,
}

impl RetakeBudget {
    /// Whether more may be taken again: half of what the job may use is for what it would use
    /// without them.
    pub fn is_left(&self, limits: &JobLimits) -> bool {
        let most_ms = limits.cpu.as_millis() / 2;
        u128::from(self.spent_ms.load(Ordering::Relaxed)) < most_ms
            && limits.spent() < limits.cpu / 4 * 3
    }

    /// Does `work`, a retake. What others use meanwhile counts too: it is a bound, not an account.
    pub fn charge<T>(&self, limits: &JobLimits, work: impl FnOnce() -> T) -> T {
        let before = limits.spent();
        let done = work();
        let used = limits.spent().saturating_sub(before).as_millis();
        let used = u64::try_from(used).unwrap_or(u64::MAX);
        self.spent_ms.fetch_add(used, Ordering::Relaxed);
        done
    }
}
