//! The bytes of a file, as they come.

use super::reason::io_reason;
use crate::rate::{MinimumRate, RateDebt};
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// Only time in which we wait for bytes counts: pauses of our own never make a server slow.
const MIN_RATE: MinimumRate = MinimumRate::new(Duration::from_secs(30), 16 * 1024);

/// An answer whose bytes are still to be read. An error while they are read may pass; one of kind
/// [`io::ErrorKind::UnexpectedEof`] says that fewer came than were announced.
pub struct Download {
    /// As announced.
    pub length_bytes: Option<u64>,
    body: Box<dyn Read + Send>,
    debt: RateDebt,
    read_bytes: u64,
}

impl Download {
    /// The body of an answer that was found to be a file.
    #[must_use]
    pub fn new(length_bytes: Option<u64>, body: Box<dyn Read + Send>) -> Self {
        Self {
            length_bytes,
            body,
            debt: RateDebt::default(),
            read_bytes: 0,
        }
    }

    #[cfg(test)]
    pub(super) fn has_waited(&mut self, time: Duration) {
        self.debt.waited(time);
    }
}

impl Read for Download {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let begun = Instant::now();
        let read = self.body.read(into);
        let count = read.map_err(|cause| io::Error::new(cause.kind(), io_reason(&cause)))?;
        self.debt.waited(begun.elapsed());
        let is_slow = self.debt.exceeds(&MIN_RATE, Duration::ZERO);
        self.debt.moved(count, &MIN_RATE);
        self.read_bytes += count as u64;
        let is_short = |length: u64| count == 0 && !into.is_empty() && self.read_bytes < length;
        if self.length_bytes.is_some_and(is_short) {
            let reason = "fewer bytes came than were announced";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, reason));
        }
        if count > 0 && is_slow {
            let reason = "the bytes come too slowly";
            return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
        }
        Ok(count)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Download")
            .field("length_bytes", &self.length_bytes)
            .finish_non_exhaustive()
    }
}
