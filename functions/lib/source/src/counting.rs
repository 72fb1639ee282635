//! How much was read.

use super::{RangeSource, ReadError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters that all readers of a video share.
#[derive(Debug, Default)]
pub struct ReadStats {
    bytes: AtomicU64,
    requests: AtomicU64,
}

impl ReadStats {
    /// Bytes that came, gaps that were read through among them.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Ranges asked for, failed ones among them.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// A source whose reads are counted, whoever reads: the index, the samples, a copy.
#[derive(Debug)]
pub struct CountingSource {
    source: Arc<dyn RangeSource>,
    stats: Arc<ReadStats>,
}

impl CountingSource {
    /// Counts what is read of `source` on top of what `stats` says.
    #[must_use]
    pub fn new(source: Arc<dyn RangeSource>, stats: Arc<ReadStats>) -> Self {
        Self { source, stats }
    }
}

impl RangeSource for CountingSource {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.stats.requests.fetch_add(1, Ordering::Relaxed);
        self.source.read_at(offset, into)?;
        let came = u64::try_from(into.len()).unwrap_or(u64::MAX);
        self.stats.bytes.fetch_add(came, Ordering::Relaxed);
        Ok(())
    }

    fn inner(&self) -> Option<&dyn RangeSource> {
        Some(&*self.source)
    }
}
