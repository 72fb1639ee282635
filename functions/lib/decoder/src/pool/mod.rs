//! The decoders that may run at once in this process, shared by all of its jobs.
//!
//! Whoever runs decoders holds a permit for each. Who waits is served by rank: the moment of its
//! arrival plus the work that it plans, up to a bound. So small work goes first, and large work is
//! passed for a bounded time only: nobody starves. Large work gives its permits back between two
//! groups of pictures, as soon as somebody of a better rank waits.
//!
//! No deadlock: one extraction takes all of its permits at once and holds none while it waits for
//! more. A thread that holds a permit runs its further decoders, one after the other, under the
//! same one.

mod queue;
mod work;

pub use work::PlannedWork;

use queue::{PoolState, Waiter};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How often whoever waits looks whether it still has to.
const TICK: Duration = Duration::from_millis(20);

/// So long a permit is held, whoever waits: starting a decoder anew costs some 50 ms.
const QUANTUM: Duration = Duration::from_millis(500);

/// After this, work with fewer permits than it could use looks for more. Small work comes in several
/// steps, each with a decoder of its own, and finds the permit of the last one free.
const GROWS_AFTER: Duration = Duration::from_millis(1500);

/// So long whoever is next waits for the end of a group. After that, what is begun is begun anew.
const GRACE: Duration = Duration::from_millis(200);

thread_local! {
    /// The permit that this thread holds.
    static HELD: RefCell<Option<DecoderPermit>> = const { RefCell::new(None) };
    /// How many decoders of this thread run under permits of their own.
    static RUNNING: Cell<usize> = const { Cell::new(0) };
}

/// A bound on the decoders of this process. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct DecoderPool(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    size: usize,
    begun: Instant,
    state: Mutex<PoolState>,
    changed: Condvar,
}

/// Whether a holder can give its permits back before its work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yielding {
    /// Between two groups of pictures.
    Possible,
    /// Not at all: it would have to begin anew. Where there are several permits, large work of this
    /// kind never has all of them.
    Impossible,
}

/// Permits of one piece of work, and when to give them back.
#[derive(Debug)]
pub struct DecoderTurn {
    pool: DecoderPool,
    work: PlannedWork,
    since: Instant,
    /// How many decoders it could use.
    wanted: usize,
    granted: usize,
    /// Since when somebody else is next.
    passed_since: Mutex<Option<Instant>>,
    /// How long the first picture took.
    first_picture: OnceLock<Duration>,
}

/// Leave to run one decoder; given back when dropped.
#[derive(Debug)]
pub struct DecoderPermit {
    pool: DecoderPool,
    is_large_and_stays: bool,
}

/// While this lives, decoders that this thread starts run under one permit.
#[derive(Debug)]
#[must_use]
pub struct HeldPermit {
    /// The permit is this thread's.
    _stays: PhantomData<*const ()>,
}

/// What one decoder of this thread runs under.
#[derive(Debug)]
pub struct RunningPermit {
    /// None where the thread has another one.
    _permit: Option<DecoderPermit>,
    _stays: PhantomData<*const ()>,
}

impl DecoderPool {
    /// At most so many decoders at once; at least one.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self(Some(Arc::new(Shared {
            size: size.max(1),
            begun: Instant::now(),
            state: Mutex::default(),
            changed: Condvar::new(),
        })))
    }

    /// Whether the number of decoders is bounded at all.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.0.is_some()
    }

    /// Waits for a permit, and takes up to `wanted` of those that nobody else waits for. None when
    /// `is_over` says so first.
    pub fn take(
        &self,
        wanted: usize,
        work: PlannedWork,
        yielding: Yielding,
        is_over: &dyn Fn() -> bool,
    ) -> Option<(DecoderTurn, Vec<DecoderPermit>)> {
        let wanted = wanted.max(1);
        let is_large_and_stays = yielding == Yielding::Impossible && work.is_large();
        let granted = match &self.0 {
            None => wanted,
            Some(shared) => shared.wait(wanted, work, is_large_and_stays, is_over)?,
        };
        let permit = || DecoderPermit {
            pool: self.clone(),
            is_large_and_stays,
        };
        let turn = DecoderTurn {
            pool: self.clone(),
            work,
            since: Instant::now(),
            wanted,
            granted,
            passed_since: Mutex::default(),
            first_picture: OnceLock::new(),
        };
        Some((turn, std::iter::repeat_with(permit).take(granted).collect()))
    }

    /// One permit for a decoder of this thread; nothing to hold where the thread has one already.
    /// None when `is_over` says so first.
    pub fn take_one(&self, work: PlannedWork, is_over: &dyn Fn() -> bool) -> Option<RunningPermit> {
        let has_one = RUNNING.get() > 0 || HELD.with_borrow(Option::is_some);
        let permit = match self.is_bounded() && !has_one {
            true => self.take(1, work, Yielding::Impossible, is_over)?.1.pop(),
            false => None,
        };
        RUNNING.set(RUNNING.get() + 1);
        Some(RunningPermit {
            _permit: permit,
            _stays: PhantomData,
        })
    }
}

impl DecoderTurn {
    /// Whether the permits should be given back between two groups: somebody of a better rank waits,
    /// or nobody does and there are more to be had.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let Some(shared) = &self.pool.0 else {
            return false;
        };
        if self.since.elapsed() < QUANTUM {
            return false;
        }
        let state = shared.lock();
        match state.best_rank(shared.size) {
            Some(rank) => rank < self.work.rank(shared.now()),
            None => {
                let has_room = self.granted < self.wanted && state.running < shared.size;
                has_room && self.since.elapsed() >= GROWS_AFTER
            }
        }
    }

    /// Whether to end at once, and lose what is begun, now that one more picture is done: somebody
    /// else is next, and has waited for the end of a group. Half of the time at least was for
    /// pictures that are kept: what is begun anew each time still comes to its end.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        let first = *self.first_picture.get_or_init(|| self.since.elapsed());
        if self.since.elapsed() < QUANTUM.max(2 * first) || !self.is_passed() {
            return false;
        }
        let mut since = self
            .passed_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        since.get_or_insert_with(Instant::now).elapsed() >= GRACE
    }

    fn is_passed(&self) -> bool {
        let Some(shared) = &self.pool.0 else {
            return false;
        };
        let best = shared.lock().best_rank(shared.size);
        best.is_some_and(|rank| rank < self.work.rank(shared.now()))
    }

    /// Whether anybody waits for a permit.
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        let shared = self.pool.0.as_ref();
        shared.is_some_and(|shared| shared.lock().best_rank(shared.size).is_some())
    }
}

impl DecoderPermit {
    /// Lets this thread run decoders, one after the other, until the result is dropped.
    pub fn hold(self) -> HeldPermit {
        HELD.set(Some(self));
        HeldPermit {
            _stays: PhantomData,
        }
    }
}

/// Gives back the permit that this thread holds before its time: it runs no decoder any more.
pub fn release_held() {
    drop(HELD.take());
}

impl Drop for HeldPermit {
    fn drop(&mut self) {
        release_held();
    }
}

impl Drop for RunningPermit {
    fn drop(&mut self) {
        RUNNING.set(RUNNING.get().saturating_sub(1));
    }
}

impl Drop for DecoderPermit {
    fn drop(&mut self) {
        if let Some(shared) = &self.pool.0 {
            shared.lock().give_back(self.is_large_and_stays);
            shared.changed.notify_all();
        }
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn wait(
        &self,
        wanted: usize,
        work: PlannedWork,
        is_large_and_stays: bool,
        is_over: &dyn Fn() -> bool,
    ) -> Option<usize> {
        let mut state = self.lock();
        let waiter = state.arrive(Waiter {
            rank: work.rank(self.now()),
            number: 0,
            is_large_and_stays,
        });
        loop {
            if let Some(granted) = state.grant(waiter, wanted, self.size) {
                drop(state);
                // The next one may be served too.
                self.changed.notify_all();
                return Some(granted);
            }
            if is_over() {
                state.leave(waiter);
                drop(state);
                self.changed.notify_all();
                return None;
            }
            let waited = self.changed.wait_timeout(state, TICK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
