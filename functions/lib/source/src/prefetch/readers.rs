//! The threads that read, and what they share with the one who takes.

use super::limits::PrefetchLimits;
use super::reads::MergedRead;
use crate::{RangeSource, ReadError};
use plan::Deadline;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a wait is interrupted to look at the time.
const TICK: Duration = Duration::from_millis(50);

/// Reads ahead, in order, until dropped. Drop waits for reads that are under way, but not for a
/// source that does not answer when the time is over.
#[derive(Debug)]
pub(super) struct ReaderPool {
    shared: Arc<SharedQueue>,
    threads: Vec<JoinHandle<()>>,
    pub(super) until: Deadline,
}

#[derive(Debug)]
struct SharedQueue {
    source: Arc<dyn RangeSource>,
    reads: Vec<MergedRead>,
    limits: PrefetchLimits,
    state: Mutex<QueueState>,
    /// The next read to be taken may be there.
    arrived: Condvar,
    /// There may be room for another read, or nothing more to do.
    room: Condvar,
}

#[derive(Debug, Default)]
struct QueueState {
    /// Reads begun so far: always the first ones, so that the one waited for is among them.
    begun: usize,
    /// Of the reads begun and not taken, in order: what has come of each.
    results: VecDeque<Option<Result<Vec<u8>, ReadError>>>,
    /// Reads whose result was taken.
    taken: usize,
    /// Bytes of the reads begun and not released.
    held: u64,
    /// A read failed: none after it will be taken, so no more are begun.
    failed: bool,
    /// Nobody takes any more.
    stopped: bool,
}

impl ReaderPool {
    pub(super) fn start(
        source: Arc<dyn RangeSource>,
        reads: Vec<MergedRead>,
        limits: PrefetchLimits,
    ) -> Result<Self, ReadError> {
        let threads = limits.in_flight.max(1).min(reads.len());
        let shared = Arc::new(SharedQueue {
            source,
            reads,
            limits,
            state: Mutex::default(),
            arrived: Condvar::new(),
            room: Condvar::new(),
        });
        let mut readers = Self {
            shared,
            threads: Vec::new(),
            until: Deadline::none(),
        };
        for _ in 0..threads {
            let shared = Arc::clone(&readers.shared);
            let reader = std::thread::Builder::new().name("fetch".to_owned());
            match reader.spawn(move || shared.work()) {
                Ok(thread) => readers.threads.push(thread),
                // Fewer than wanted do as well, only slower.
                Err(_) if !readers.threads.is_empty() => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(readers)
    }

    /// The next read, in order, when it is there. None after the last one.
    pub(super) fn take(&self) -> Option<(MergedRead, Result<Vec<u8>, ReadError>)> {
        let shared = &self.shared;
        let mut state = shared.lock();
        let read = shared.reads.get(state.taken)?;
        loop {
            if let Some(result) = state.results.front_mut().and_then(Option::take) {
                state.results.pop_front();
                state.taken += 1;
                return Some((read.clone(), result));
            }
            if self.until.is_over() {
                let stopped = io::Error::new(io::ErrorKind::Interrupted, "its time is over");
                return Some((read.clone(), Err(stopped.into())));
            }
            let waited = shared.arrived.wait_timeout(state, TICK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The bytes of a read that was taken are in memory no more.
    pub(super) fn release(&self, read: &MergedRead) {
        let mut state = self.shared.lock();
        state.held = state.held.saturating_sub(read.bytes);
        drop(state);
        self.shared.room.notify_all();
    }
}

impl Drop for ReaderPool {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.room.notify_all();
        if self.until.is_over() {
            return;
        }
        for thread in self.threads.drain(..) {
            // What it died of, if so, was delivered as an error.
            let _ = thread.join();
        }
    }
}

impl SharedQueue {
    fn work(&self) {
        while let Some(nth) = self.begin() {
            // A source that fails that badly must not leave the taker waiting for ever.
            let result = catch_unwind(AssertUnwindSafe(|| self.read(&self.reads[nth])))
                .unwrap_or_else(|_| Err(io::Error::other("a reader failed").into()));
            self.finish(nth, result);
        }
    }

    /// The next read to be made, when there is room for it.
    fn begin(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            let read = self
                .reads
                .get(state.begun)
                .filter(|_| !state.failed && !state.stopped)?;
            // With nothing held anything goes: no read is larger than what must be possible.
            if state.held == 0 || state.held + read.bytes <= self.limits.window_bytes {
                state.held += read.bytes;
                state.begun += 1;
                state.results.push_back(None);
                return Some(state.begun - 1);
            }
            state = wait(&self.room, state);
        }
    }

    fn read(&self, read: &MergedRead) -> Result<Vec<u8>, ReadError> {
        let length = usize::try_from(read.bytes).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        if bytes.is_empty() {
            // No request says "nothing".
            return Ok(bytes);
        }
        self.limits.retries.run(
            |pause| self.pause(pause),
            || self.source.read_at(read.offset, &mut bytes),
        )?;
        Ok(bytes)
    }

    /// Whether there is still someone to read for after that.
    fn pause(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        while !state.stopped {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            let waited = self.room.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    fn finish(&self, nth: usize, result: Result<Vec<u8>, ReadError>) {
        let mut state = self.lock();
        state.failed |= result.is_err();
        let at = nth - state.taken;
        if let Some(place) = state.results.get_mut(at) {
            *place = Some(result);
        }
        drop(state);
        self.arrived.notify_one();
        self.room.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'a>(condition: &Condvar, state: MutexGuard<'a, QueueState>) -> MutexGuard<'a, QueueState> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}
