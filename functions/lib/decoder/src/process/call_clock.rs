//! The time that one call takes, as far as it is the video's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a wait is interrupted to look at the clock.
pub const TICK: Duration = Duration::from_millis(50);

/// Nobody who watches a process looks away for longer. What is more was a machine that slept, a
/// process of ours that was stopped, or a wait for others.
const MOST_AT_ONCE: Duration = TICK.saturating_mul(4);

/// Runs while somebody looks at it. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct CallClock(Arc<Mutex<SpentTime>>);

#[derive(Debug)]
struct SpentTime {
    time: Duration,
    looked: Instant,
}

impl CallClock {
    /// At no time spent.
    #[must_use]
    pub fn start() -> Self {
        Self(Arc::new(Mutex::new(SpentTime {
            time: Duration::ZERO,
            looked: Instant::now(),
        })))
    }

    /// The time spent so far. Where `stalled`, what has passed since the last look does not
    /// count.
    pub(super) fn spent(&self, stalled: bool) -> Duration {
        self.look(Instant::now(), stalled)
    }

    fn look(&self, now: Instant, stalled: bool) -> Duration {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(spent.looked);
        spent.looked = spent.looked.max(now);
        if !stalled {
            spent.time += passed.min(MOST_AT_ONCE);
        }
        spent.time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_slept_and_a_wait_for_others_take_no_time() {
        let clock = CallClock::start();
        let mut now = Instant::now();
        for _ in 0..20 {
            now += TICK;
            clock.look(now, false);
        }
        let before = clock.look(now, false);
        assert!(before > TICK * 18 && before < TICK * 22, "{before:?}");
        now += Duration::from_secs(3600);
        let after = clock.look(now, false);
        assert_eq!(after, before + MOST_AT_ONCE);
        now += TICK;
        assert_eq!(clock.look(now, true), after);
        assert_eq!(clock.look(now + TICK, false), after + TICK);
    }
}
