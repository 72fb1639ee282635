//! Deadlines over processes.

use super::account::Purse;
use crate::{Budget, MediaError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a wait is interrupted to look at the clock.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// Counts signs of life; shared with the threads that read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<Signs>);

#[derive(Debug, Default)]
struct Signs {
    life: AtomicU64,
    /// What was said beside facts about frames.
    said_bytes: AtomicU64,
    lacks_memory: AtomicBool,
}

impl Progress {
    pub(crate) fn made(&self) {
        self.0.life.fetch_add(1, Ordering::Relaxed);
    }

    /// Something that is no fact about a frame was said.
    pub(crate) fn said(&self, bytes: usize) {
        self.0.said_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// It got less memory than it asked for.
    pub(super) fn lacks_memory(&self) {
        self.0.lacks_memory.store(true, Ordering::Relaxed);
    }

    pub(crate) fn lacked_memory(&self) -> bool {
        self.0.lacks_memory.load(Ordering::Relaxed)
    }

    fn count(&self) -> u64 {
        self.0.life.load(Ordering::Relaxed)
    }

    fn said_bytes(&self) -> u64 {
        self.0.said_bytes.load(Ordering::Relaxed)
    }
}

/// The deadlines of one process. Only the time spent waiting for it counts as idle: a process
/// whose pictures nobody takes has nothing to show.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) progress: Progress,
    seen: u64,
    waited: Duration,
    until: Instant,
    limits: Purse,
}

impl Watch {
    /// `until` ends the whole call that this process is a part of.
    pub(crate) fn new(limits: &Purse, until: Instant) -> Self {
        let progress = Progress::default();
        Self {
            progress,
            seen: 0,
            waited: Duration::ZERO,
            until,
            limits: limits.clone(),
        }
    }

    /// To be asked after each wait in vain, with its length.
    pub(crate) fn waited(&mut self, time: Duration) -> Result<(), MediaError> {
        let count = self.progress.count();
        if count != self.seen {
            self.seen = count;
            self.waited = Duration::ZERO;
        }
        self.waited += time;
        self.check(self.waited > self.limits.idle)
    }

    /// To be asked after each success, which may have been one of very many.
    pub(crate) fn in_time(&self) -> Result<(), MediaError> {
        self.check(false)
    }

    /// To be asked when the process has ended, with the signal that ended it.
    pub(crate) fn ended(&self, signal: Option<i32>) -> Result<(), MediaError> {
        if signal == Some(libc::SIGXFSZ) {
            return Err(MediaError::beyond(Budget::WrittenBytes, &self.limits));
        }
        self.has_said(self.progress.said_bytes())
    }

    fn check(&self, idle: bool) -> Result<(), MediaError> {
        let budget = match Instant::now() > self.until {
            true => Budget::Wall,
            false if idle => Budget::Idle,
            false => return self.has_said(self.progress.said_bytes()),
        };
        let limit = budget.of(&self.limits);
        Err(MediaError::Over {
            budget,
            found: limit,
            limit,
        })
    }

    fn has_said(&self, found: u64) -> Result<(), MediaError> {
        let limit = self.limits.stderr_bytes;
        let over = MediaError::Over {
            budget: Budget::Stderr,
            found,
            limit,
        };
        if found > limit { Err(over) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::process::Account;

    fn watch(limits: &Limits, until: Instant) -> Watch {
        Watch::new(&Purse::new(limits, &Account::default()), until)
    }

    #[test]
    fn silence_ends_a_process_and_progress_keeps_it() {
        let limits = Limits {
            idle: Duration::from_secs(3),
            ..Limits::default()
        };
        let mut watch = watch(&limits, Instant::now() + Duration::from_secs(900));
        for _ in 0..10 {
            watch.progress.made();
            watch.waited(Duration::from_secs(2)).unwrap();
        }
        let error = watch.waited(Duration::from_secs(2)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "decoding made no progress for 3 s; the limit is 3 s"
        );
    }

    #[test]
    fn the_wall_ends_even_a_busy_one() {
        let watch = watch(&Limits::default(), Instant::now() - Duration::from_secs(1));
        watch.progress.made();
        assert!(watch.in_time().is_err());
    }
}
