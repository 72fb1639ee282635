//! How much was read.

use super::{RangeSource, ReadError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Whoever has waited for so long for a range has met a source that stalls.
const STALL: Duration = Duration::from_secs(1);

/// Counters that all readers of a video share.
#[derive(Debug, Default)]
pub struct Tally {
    bytes: AtomicU64,
    requests: AtomicU64,
    stalled_ms: AtomicU64,
}

impl Tally {
    /// Bytes that came, gaps that were read through among them.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// To be told after each wait for something that is not the video's own. Short ones, of which
    /// there are always some, are left out.
    pub fn waited(&self, time: Duration) {
        if time >= STALL {
            let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            self.stalled_ms.fetch_add(ms, Ordering::Relaxed);
        }
    }

    /// The sum of those waits, of all who waited at once.
    #[must_use]
    pub fn stalled(&self) -> Duration {
        Duration::from_millis(self.stalled_ms.load(Ordering::Relaxed))
    }

    /// Ranges asked for, failed ones among them.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// A source whose reads are counted, whoever reads: the index, the samples, a copy.
#[derive(Debug)]
pub struct Counted {
    source: Arc<dyn RangeSource>,
    tally: Arc<Tally>,
}

impl Counted {
    /// Counts what is read of `source` on top of what `tally` says.
    #[must_use]
    pub fn new(source: Arc<dyn RangeSource>, tally: Arc<Tally>) -> Self {
        Self { source, tally }
    }
}

impl RangeSource for Counted {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.tally.requests.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        let read = self.source.read_at(offset, into);
        self.tally.waited(begun.elapsed());
        read?;
        let came = u64::try_from(into.len()).unwrap_or(u64::MAX);
        self.tally.bytes.fetch_add(came, Ordering::Relaxed);
        Ok(())
    }

    fn path(&self) -> Option<&Path> {
        self.source.path()
    }

    fn check(&self) -> Result<(), ReadError> {
        self.source.check()
    }

    fn identity(&self) -> Option<String> {
        self.source.identity()
    }

    fn gap_bytes(&self) -> u64 {
        self.source.gap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_waits_that_somebody_would_notice_are_stalls() {
        let tally = Tally::default();
        tally.waited(Duration::from_millis(999));
        assert_eq!(tally.stalled(), Duration::ZERO);
        tally.waited(Duration::from_secs(3));
        tally.waited(Duration::from_secs(2));
        assert_eq!(tally.stalled(), Duration::from_secs(5));
    }
}
