//! How long a client may take, and how slow it may be.

use std::time::Duration;

/// The deadlines of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Without a request: before the first one, and between two.
    pub idle: Duration,
    /// From the first byte of a request's head to its last.
    pub head: Duration,
    /// For a request's body.
    pub body: Pace,
    /// For taking the answer. Only time in which bytes wait for the client counts, so a stream
    /// of events with long pauses of ours is never too slow.
    pub answer: Pace,
}

impl Deadlines {
    /// While there is room. A player that is paused for a minute keeps its connection; after
    /// that it resumes by a range request of its own.
    pub const RELAXED: Self = Self {
        idle: Duration::from_secs(75),
        head: Duration::from_secs(10),
        body: Pace::new(Duration::from_secs(10), 16 * 1024),
        answer: Pace::new(Duration::from_secs(65), 1024),
    };

    /// While most of the connections that may be open are.
    pub const PRESSED: Self = Self {
        idle: Duration::from_secs(5),
        head: Duration::from_secs(3),
        body: Pace::new(Duration::from_secs(3), 64 * 1024),
        answer: Pace::new(Duration::from_secs(5), 16 * 1024),
    };
}

/// A rate that must be kept, and how far a client may fall behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The longest that nothing at all may come.
    pub grace: Duration,
    /// At the least, in the long run.
    pub bytes_per_s: u32,
}

impl Pace {
    /// A pace of at least one byte a second.
    #[must_use]
    pub const fn new(grace: Duration, bytes_per_s: u32) -> Self {
        Self { grace, bytes_per_s }
    }

    /// Whether `bytes` are too few after so long. A body ends, so its rate is that of all of it.
    pub(in crate::server) fn is_missed(&self, after: Duration, bytes: usize) -> bool {
        after > self.grace.saturating_add(self.worth(bytes))
    }

    fn worth(&self, bytes: usize) -> Duration {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(bytes) / f64::from(self.bytes_per_s.max(1)))
    }
}

/// How far a client is behind its pace: time in which we waited for it, less what its bytes are
/// worth. Never below zero, so that a fast start buys no standstill later.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Debt(Duration);

impl Debt {
    pub(super) fn waited(&mut self, time: Duration) {
        self.0 = self.0.saturating_add(time);
    }

    pub(super) fn moved(&mut self, bytes: usize, pace: &Pace) {
        self.0 = self.0.saturating_sub(pace.worth(bytes));
    }

    /// Whether it is too far behind, with `waiting` not yet added.
    pub(super) fn exceeds(&self, pace: &Pace, waiting: Duration) -> bool {
        self.0.saturating_add(waiting) > pace.grace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace::new(Duration::from_secs(10), 1000);

    /// Whether a client passes that sends `bytes` at the end of each second.
    fn passes(bytes: usize, seconds: u32) -> bool {
        let mut debt = Debt::default();
        (0..seconds).all(|_| {
            debt.waited(Duration::from_secs(1));
            let late = debt.exceeds(&PACE, Duration::ZERO);
            debt.moved(bytes, &PACE);
            !late
        })
    }

    #[test]
    fn a_client_at_its_pace_may_go_on_for_ever() {
        assert!(passes(1000, 10_000));
        assert!(passes(1_000_000, 10_000));
    }

    #[test]
    fn one_below_it_ends_after_its_grace() {
        assert!(passes(0, 10) && !passes(0, 11));
        assert!(passes(500, 18) && !passes(500, 22));
        assert!(!passes(990, 2000));
    }

    #[test]
    fn a_fast_start_buys_no_standstill() {
        let mut debt = Debt::default();
        debt.moved(10_000_000, &PACE);
        assert!(debt.exceeds(&PACE, Duration::from_secs(11)));
    }
}
