//! How slow somebody may be who sends or takes bytes.

use std::time::Duration;

/// A rate that a peer has to keep, and how far it may fall behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinimumRate {
    /// The longest time without any byte.
    pub grace: Duration,
    /// In the long run.
    pub bytes_per_s: u32,
}

impl MinimumRate {
    /// Zero bytes per second count as one.
    #[must_use]
    pub const fn new(grace: Duration, bytes_per_s: u32) -> Self {
        Self { grace, bytes_per_s }
    }

    /// Whether `bytes` are too few after this time, counted over a whole body.
    #[must_use]
    pub fn is_missed(&self, after: Duration, bytes: usize) -> bool {
        after > self.grace.saturating_add(self.time_for(bytes))
    }

    /// How long this many bytes may take.
    fn time_for(&self, bytes: usize) -> Duration {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(bytes) / f64::from(self.bytes_per_s.max(1)))
    }
}

/// How far a peer is behind its minimum rate: the time we waited for it, less the time that its
/// bytes may take. Never below zero, so that a fast start allows no standstill later.
#[derive(Debug, Clone, Copy, Default)]
pub struct RateDebt(Duration);

impl RateDebt {
    /// We waited for so long.
    pub fn waited(&mut self, time: Duration) {
        self.0 = self.0.saturating_add(time);
    }

    /// So many bytes came, or went.
    pub fn moved(&mut self, bytes: usize, rate: &MinimumRate) {
        self.0 = self.0.saturating_sub(rate.time_for(bytes));
    }

    /// Whether the peer is too far behind, `waiting` included.
    #[must_use]
    pub fn exceeds(&self, rate: &MinimumRate, waiting: Duration) -> bool {
        self.0.saturating_add(waiting) > rate.grace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: MinimumRate = MinimumRate::new(Duration::from_secs(10), 1000);

    /// Whether a client passes that sends `bytes` at the end of each second.
    fn passes(bytes: usize, seconds: u32) -> bool {
        let mut debt = RateDebt::default();
        (0..seconds).all(|_| {
            debt.waited(Duration::from_secs(1));
            let late = debt.exceeds(&RATE, Duration::ZERO);
            debt.moved(bytes, &RATE);
            !late
        })
    }

    #[test]
    fn a_client_at_the_minimum_rate_is_never_late() {
        assert!(passes(1000, 10_000));
        assert!(passes(1_000_000, 10_000));
    }

    #[test]
    fn a_client_below_it_is_late_after_the_grace() {
        assert!(passes(0, 10) && !passes(0, 11));
        assert!(passes(500, 18) && !passes(500, 22));
        assert!(!passes(990, 2000));
    }

    #[test]
    fn a_fast_start_allows_no_standstill() {
        let mut debt = RateDebt::default();
        debt.moved(10_000_000, &RATE);
        assert!(debt.exceeds(&RATE, Duration::from_secs(11)));
    }
}
