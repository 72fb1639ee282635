//! A source that writes down what is asked of it and fails on demand.

use super::ByteRange;
use crate::{RangeSource, ReadError};
use std::io;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    Transient,
    Changed,
    Panic,
}

pub(super) struct Fake {
    pub(super) bytes: u64,
    pub(super) gap_bytes: u64,
    /// Reads that begin here fail so many times.
    failing: Mutex<Vec<(u64, usize, Failure)>>,
    log: Mutex<Log>,
    changed: Condvar,
    /// A read ends when so many were under way at once.
    meeting: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// Offset and length of each read, in the order in which they began.
    pub(super) ranges: Vec<(u64, u64)>,
    pub(super) most_at_once: usize,
    /// Most bytes asked for beyond those that were let go.
    pub(super) most_held: u64,
    at_once: usize,
    asked: u64,
    let_go: u64,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fake")
    }
}

impl Fake {
    pub(super) fn new(bytes: u64, gap_bytes: u64) -> Self {
        Self {
            bytes,
            gap_bytes,
            failing: Mutex::default(),
            log: Mutex::default(),
            changed: Condvar::new(),
            meeting: 1,
        }
    }

    pub(super) fn meeting(mut self, readers: usize) -> Self {
        self.meeting = readers;
        self
    }

    pub(super) fn failing(self, offset: u64, times: usize, failure: Failure) -> Self {
        self.failing.lock().unwrap().push((offset, times, failure));
        self
    }

    pub(super) fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn asked_at(&self, offset: u64) -> usize {
        let ranges = self.log().ranges;
        ranges.iter().filter(|range| range.0 == offset).count()
    }

    /// To be called before the bytes can be let go.
    pub(super) fn let_go(&self, bytes: u64) {
        self.log.lock().unwrap().let_go += bytes;
    }

    /// Waits until so many reads have begun.
    pub(super) fn wait_for(&self, reads: usize) {
        let log = self.log.lock().unwrap();
        let few = |log: &mut Log| log.ranges.len() < reads;
        drop(self.changed.wait_while(log, few).unwrap());
    }

    pub(super) fn expected(pieces: &[ByteRange]) -> Vec<Vec<u8>> {
        let one = |piece: &ByteRange| {
            (piece.offset..piece.offset + u64::from(piece.bytes))
                .map(content)
                .collect()
        };
        pieces.iter().map(one).collect()
    }

    fn begin(&self, offset: u64, length: u64) {
        let mut log = self.log.lock().unwrap();
        log.ranges.push((offset, length));
        log.asked += length;
        log.at_once += 1;
        log.most_at_once = log.most_at_once.max(log.at_once);
        log.most_held = log.most_held.max(log.asked.saturating_sub(log.let_go));
        self.changed.notify_all();
        let alone = |log: &mut Log| log.most_at_once < self.meeting;
        let (log, late) = (self.changed)
            .wait_timeout_while(log, Duration::from_secs(20), alone)
            .unwrap();
        drop(log);
        assert!(!late.timed_out(), "the readers did not meet");
    }

    fn failure(&self, offset: u64) -> Option<Failure> {
        let mut failing = self.failing.lock().unwrap();
        let found = failing
            .iter_mut()
            .find(|(at, times, _)| *at == offset && *times > 0)?;
        found.1 -= 1;
        Some(found.2)
    }
}

fn content(offset: u64) -> u8 {
    (offset.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8
}

impl RangeSource for Fake {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.begin(offset, into.len() as u64);
        // Reads end in another order than they begin in.
        std::thread::sleep(Duration::from_micros(u64::from(content(offset))));
        for (at, byte) in (offset..).zip(into) {
            *byte = content(at);
        }
        self.log.lock().unwrap().at_once -= 1;
        match self.failure(offset) {
            Some(Failure::Transient) => Err(io::Error::other("later").into()),
            Some(Failure::Changed) => Err(ReadError::Changed),
            Some(Failure::Panic) => panic!("a source that panics, on purpose"),
            None => Ok(()),
        }
    }

    fn gap_bytes(&self) -> u64 {
        self.gap_bytes
    }
}
