//! Deadlines over processes.

use crate::{Limits, MediaError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a wait is interrupted to look at the clock.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// Counts signs of life; shared with the threads that read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(crate) fn made(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
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
    limits: Limits,
}

impl Watch {
    /// `until` ends the whole call that this process is a part of.
    pub(crate) fn new(limits: &Limits, until: Instant) -> Self {
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

    /// Whether the signal that ended the process was for its use of the processor.
    pub(crate) fn spent(&self, signal: Option<i32>) -> Result<(), MediaError> {
        match signal {
            Some(libc::SIGXCPU) => Err(MediaError::Exhausting {
                limit: self.limits.cpu,
            }),
            _ => Ok(()),
        }
    }

    fn check(&self, idle: bool) -> Result<(), MediaError> {
        if idle || Instant::now() > self.until {
            let Limits { wall, idle, .. } = self.limits;
            return Err(MediaError::TimedOut { wall, idle });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_ends_a_process_and_progress_keeps_it() {
        let limits = Limits {
            idle: Duration::from_secs(3),
            ..Limits::default()
        };
        let mut watch = Watch::new(&limits, Instant::now() + Duration::from_secs(900));
        for _ in 0..10 {
            watch.progress.made();
            watch.waited(Duration::from_secs(2)).unwrap();
        }
        let error = watch.waited(Duration::from_secs(2)).unwrap_err();
        assert!(matches!(error, MediaError::TimedOut { .. }), "{error}");
    }

    #[test]
    fn the_wall_ends_even_a_busy_one() {
        let watch = Watch::new(&Limits::default(), Instant::now() - Duration::from_secs(1));
        watch.progress.made();
        assert!(watch.in_time().is_err());
    }
}
