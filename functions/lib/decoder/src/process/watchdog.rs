//! Deadlines over processes.

use super::call_clock::{CallClock, TICK};
use super::cpu_meter::JobLimits;
use super::stuck::is_stuck;
use crate::DecoderError;
use plan::{Budget, LimitExceeded, StallGuard};
use rustix::process::Pid;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a process has said is heard soon after its end.
const TO_HEAR_ALL: Duration = Duration::from_secs(1);

/// Counts signs of life; shared with the threads that read.
#[derive(Debug, Clone, Default)]
pub struct Activity(Arc<ActivitySigns>);

#[derive(Debug, Default)]
struct ActivitySigns {
    life: AtomicU64,
    /// What was said beside facts about frames.
    said_bytes: AtomicU64,
    lacks_memory: AtomicBool,
    told_to_end: AtomicBool,
    heard_all: AtomicBool,
    enough: AtomicBool,
}

impl Activity {
    /// A sign of life.
    pub fn made(&self) {
        self.0.life.fetch_add(1, Ordering::Relaxed);
    }

    /// Something that is no fact about a frame was said.
    pub fn said(&self, bytes: usize) {
        self.0.said_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// It got less memory than it asked for.
    pub(super) fn lacks_memory(&self) {
        self.0.lacks_memory.store(true, Ordering::Relaxed);
    }

    /// Whether it got less memory than it asked for.
    #[must_use]
    pub fn lacked_memory(&self) -> bool {
        self.0.lacks_memory.load(Ordering::Relaxed)
    }

    /// Whoever gathers what it says wants no more.
    pub fn has_enough(&self) {
        self.0.enough.store(true, Ordering::Relaxed);
    }

    /// Whether what it says is wanted no more.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.0.enough.load(Ordering::Relaxed)
    }

    /// It said that a signal asked it to end.
    pub(super) fn told_to_end(&self) {
        self.0.told_to_end.store(true, Ordering::Relaxed);
    }

    /// All that it said was heard.
    pub(super) fn heard_all(&self) {
        self.0.heard_all.store(true, Ordering::Release);
    }

    /// Of a process that has ended: whether a signal asked it to.
    pub fn was_told_to_end(&self) -> bool {
        let begun = Instant::now();
        while !self.0.heard_all.load(Ordering::Acquire) && begun.elapsed() < TO_HEAR_ALL {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.0.told_to_end.load(Ordering::Relaxed)
    }

    fn count(&self) -> u64 {
        self.0.life.load(Ordering::Relaxed)
    }

    fn said_bytes(&self) -> u64 {
        self.0.said_bytes.load(Ordering::Relaxed)
    }
}

/// The deadlines of one process. Only the time spent waiting for it counts as idle: a process
/// whose pictures nobody takes has nothing to show, and one that the system keeps waiting for its
/// file can't help it.
#[derive(Debug)]
pub struct Watchdog {
    /// To be counted up by whoever reads the outputs.
    pub activity: Activity,
    seen: u64,
    waited: Duration,
    /// Of all the call that this process is a part of.
    clock: CallClock,
    /// The process, where it reads a file by itself.
    reader: Option<Pid>,
    /// Of the reader: how long it was waited for since it was last looked at, and that it was
    /// stuck then: what keeps it waiting is a source that stalls, as any other.
    unseen: Duration,
    stuck: Option<StallGuard>,
    limits: JobLimits,
}

impl Watchdog {
    /// `clock` is that of the whole call that this process is a part of.
    pub fn new(limits: &JobLimits, clock: &CallClock) -> Self {
        let activity = Activity::default();
        Self {
            activity,
            seen: 0,
            waited: Duration::ZERO,
            clock: clock.clone(),
            reader: None,
            unseen: Duration::ZERO,
            stuck: None,
            limits: limits.clone(),
        }
    }

    /// To be told of a process that reads a file by itself.
    pub(super) fn begin_reading(&mut self, reader: Option<Pid>) {
        self.reader = reader;
    }

    /// To be asked after each wait in vain, with its length.
    pub fn waited(&mut self, time: Duration) -> Result<(), DecoderError> {
        let count = self.activity.count();
        if count != self.seen {
            self.seen = count;
            (self.waited, self.unseen) = (Duration::ZERO, Duration::ZERO);
            self.stuck = None;
        }
        self.look(time);
        if self.stuck.is_none() {
            self.waited += time;
        }
        self.check(self.waited > self.limits.idle)
    }

    /// To be asked after each success, which may have been one of very many. Who succeeds is not
    /// stuck.
    pub fn in_time(&mut self) -> Result<(), DecoderError> {
        self.stuck = None;
        self.check(false)
    }

    /// To be asked when the process has ended, with the signal that ended it.
    pub fn ended(&self, signal: Option<i32>) -> Result<(), DecoderError> {
        if signal == Some(libc::SIGXFSZ) {
            return Err(self.limits.exceeded(Budget::WrittenBytes).into());
        }
        self.has_said(self.activity.said_bytes())
    }

    /// At the process, now and then: it costs some reads.
    fn look(&mut self, time: Duration) {
        let Some(pid) = self.reader else { return };
        self.unseen += time;
        if self.unseen >= TICK {
            self.unseen = Duration::ZERO;
            self.stuck = match is_stuck(pid) {
                false => None,
                true => self
                    .stuck
                    .take()
                    .or_else(|| Some(self.limits.stalls.wait())),
            };
        }
    }

    fn check(&self, idle: bool) -> Result<(), DecoderError> {
        if self.limits.deadline.is_over() || self.activity.is_enough() {
            return Err(DecoderError::Stopped);
        }
        let stalled = self.limits.stalls.are_on();
        let budget = match self.clock.spent(stalled) > self.limits.wall {
            true => Budget::Wall,
            false if idle => Budget::Idle,
            false => return self.has_said(self.activity.said_bytes()),
        };
        let limit = budget.of(&self.limits);
        Err(DecoderError::Exceeded(LimitExceeded {
            budget,
            found: limit,
            limit,
        }))
    }

    fn has_said(&self, found: u64) -> Result<(), DecoderError> {
        Ok(self.limits.check(Budget::Stderr, found)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::CpuMeter;
    use plan::Limits;

    fn watch(limits: &Limits) -> Watchdog {
        Watchdog::new(
            &JobLimits::new(limits, &CpuMeter::default()),
            &CallClock::start(),
        )
    }

    #[test]
    fn silence_ends_a_process_and_progress_keeps_it() {
        let limits = Limits {
            idle: Duration::from_secs(3),
            ..Limits::default()
        };
        let mut watch = watch(&limits);
        for _ in 0..10 {
            watch.activity.made();
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
        let limits = query();
        // Before its own clock, which may start long before the next line on a busy machine.
        let begun = Instant::now();
        let mut watch = watch(&limits);
        while watch.in_time().is_ok() {
            watch.activity.made();
            std::thread::sleep(Duration::from_millis(5));
            assert!(begun.elapsed() < Duration::from_secs(9));
        }
        let error = watch.in_time().unwrap_err();
        assert!(matches!(error, DecoderError::Exceeded(over) if over.budget == Budget::Wall));
        assert!(begun.elapsed() >= limits.wall);
    }

    fn query() -> Limits {
        Limits {
            wall: Duration::from_millis(100),
            ..Limits::default()
        }
    }

    #[test]
    fn the_wall_does_not_run_while_the_source_or_the_store_stalls() {
        let limits = query();
        let mut watch = watch(&limits);
        let stalled = limits.stalls.wait();
        let begun = Instant::now();
        while begun.elapsed() < limits.wall * 4 {
            watch.in_time().unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(stalled);
        std::thread::sleep(limits.wall * 2);
        assert!(watch.in_time().is_err(), "it runs on afterwards");
    }

    #[test]
    fn whoever_ends_the_time_stops_every_wait() {
        let limits = Limits::default();
        let mut watch = watch(&limits);
        watch.waited(TICK).unwrap();
        limits.deadline.clone().end();
        assert!(matches!(watch.waited(TICK), Err(DecoderError::Stopped)));
        assert!(matches!(watch.in_time(), Err(DecoderError::Stopped)));
    }
}
