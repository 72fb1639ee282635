//! Until when a call can be answered, and that it is answered one way only.
//!
//! A transport answers 503 when the time is over, while the work behind it may be at any point:
//! waiting for the store, or in the middle of a commit. What the work then does and what the
//! caller was told must not contradict each other, or a retry does the same again. So both sides
//! decide over one value, and the first one wins: [`CallDeadline::accept`] says that the answer
//! will be a success, [`CallDeadline::refuse`] that it will not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

const OPEN: u8 = 0;
const ACCEPTED: u8 = 1;
const REFUSED: u8 = 2;

tokio::task_local! {
    static CURRENT: CallDeadline;
}

/// Until when a call can be answered. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct CallDeadline(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// None: no time bounds it.
    at: Option<Instant>,
    verdict: AtomicU8,
}

impl CallDeadline {
    /// No time bounds it, and nobody waits at a transport.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// So long from now.
    #[must_use]
    pub fn after(time: Duration) -> Self {
        Self(Arc::new(Shared {
            at: Instant::now().checked_add(time),
            verdict: AtomicU8::new(OPEN),
        }))
    }

    /// That of the call in hand; none outside of one.
    #[must_use]
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// Runs `work` as that of this call.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// From now on the call will be answered as a success, however long that takes. False: it
    /// was answered otherwise, and what was done for it is to be undone.
    #[must_use]
    pub fn accept(&self) -> bool {
        self.decide(ACCEPTED)
    }

    /// From now on the call is not answered as a success. False: it will be, and in no time.
    #[allow(
        clippy::must_use_candidate,
        reason = "most who refuse are told nothing by the answer"
    )]
    pub fn refuse(&self) -> bool {
        self.decide(REFUSED)
    }

    fn decide(&self, verdict: u8) -> bool {
        let order = (Ordering::AcqRel, Ordering::Acquire);
        let decided = self
            .0
            .verdict
            .compare_exchange(OPEN, verdict, order.0, order.1);
        decided.is_ok() || decided == Err(verdict)
    }

    /// Whether it makes no sense to begin anything for the call.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self.0.verdict.load(Ordering::Acquire) {
            OPEN => self.left().is_some_and(|left| left.is_zero()),
            verdict => verdict == REFUSED,
        }
    }

    /// The time left; none: no time bounds it.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        self.0
            .at
            .map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Refuses when dropped: a caller that hung up is told nothing, and may ask again.
    #[must_use]
    pub fn refused_when_dropped(&self) -> impl Drop + use<> {
        Waiting(self.clone())
    }
}

struct Waiting(CallDeadline);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.refuse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_decide_wins() {
        let accepted = CallDeadline::after(Duration::from_secs(9));
        assert!(!accepted.is_over());
        assert!(accepted.clone().accept() && accepted.accept());
        assert!(!accepted.refuse());
        let refused = CallDeadline::none();
        drop(refused.refused_when_dropped());
        assert!(refused.is_over() && refused.refuse());
        assert!(!refused.accept());
    }

    #[test]
    fn when_the_time_is_over_nothing_is_begun_but_what_was_accepted_holds() {
        let over = CallDeadline::after(Duration::ZERO);
        assert!(over.is_over());
        assert!(over.accept());
        assert!(!over.is_over());
    }

    #[tokio::test]
    async fn work_knows_the_call_it_is_for() {
        assert!(!CallDeadline::current().is_over());
        let over = CallDeadline::after(Duration::ZERO);
        let inside = over.scope(async { CallDeadline::current().is_over() });
        assert!(inside.await);
    }
}
