//! Work that has to stop at a time, and what is done by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When work stops at what is done, to go on in another run. Clones stop together.
#[derive(Debug, Clone, Default)]
pub struct Deadline {
    at: Option<Instant>,
    told: Arc<AtomicBool>,
    /// Ends this one, too.
    above: Option<Arc<Deadline>>,
}

impl Deadline {
    /// No time bounds the work.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Ends then.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self {
            at: Some(at),
            ..Self::default()
        }
    }

    /// One that ends with this, and may be ended by itself before.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            at: self.at,
            told: Arc::default(),
            above: Some(Arc::new(self.clone())),
        }
    }

    /// Ends the time now, such as when the process was told to end.
    pub fn end(&self) {
        self.told.store(true, Ordering::Relaxed);
    }

    /// Whether somebody ended the time.
    #[must_use]
    pub fn was_ended(&self) -> bool {
        let above = self.above.as_ref();
        self.told.load(Ordering::Relaxed) || above.is_some_and(|above| above.was_ended())
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.was_ended() || self.at.is_some_and(|at| Instant::now() >= at)
    }

    /// The least of `longest` and the time left.
    #[must_use]
    pub fn bound(&self, longest: Duration) -> Duration {
        let left = |at: Instant| at.saturating_duration_since(Instant::now());
        self.at.map_or(longest, |at| longest.min(left(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_stop_together_and_time_stops_all() {
        let deadline = Deadline::none();
        let clone = deadline.clone();
        assert!(!clone.is_over());
        deadline.end();
        assert!(clone.is_over());
        assert!(Deadline::at(Instant::now()).is_over());
        let above = Deadline::none();
        let (child, other) = (above.child(), above.child());
        child.end();
        assert!(child.is_over() && !other.is_over() && !above.is_over());
        above.end();
        assert!(other.is_over() && other.was_ended());
        let later = Deadline::at(Instant::now() + Duration::from_secs(1000));
        assert!(!later.is_over());
        assert!(later.bound(Duration::MAX) <= Duration::from_secs(1000));
        assert_eq!(later.bound(Duration::from_secs(1)), Duration::from_secs(1));
    }
}
