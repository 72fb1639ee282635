//! Keeps what clients cause from filling the log.

use std::time::Duration;
use tokio::time::Instant;

/// How often one kind of failure is logged.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Failures of one kind that are not logged yet.
#[derive(Debug, Default)]
pub(super) struct LogLimit {
    unlogged: u64,
    logged_at: Option<Instant>,
}

impl LogLimit {
    /// Counts one more; how many there are to log now, if any.
    pub(super) fn count(&mut self) -> Option<u64> {
        self.unlogged += 1;
        let is_due = self.logged_at.is_none_or(|at| at.elapsed() >= LOG_EVERY);
        is_due.then(|| {
            self.logged_at = Some(Instant::now());
            std::mem::take(&mut self.unlogged)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_logged_once_in_ten_seconds_with_its_number() {
        let mut limit = LogLimit::default();
        assert_eq!(limit.count(), Some(1));
        for _ in 0..1000 {
            assert_eq!(limit.count(), None);
        }
        advance(LOG_EVERY).await;
        assert_eq!(limit.count(), Some(1001));
    }
}
