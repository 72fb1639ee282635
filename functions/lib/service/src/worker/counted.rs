//! A source that counts what is read of it.

use media::{RangeSource, ReadError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was read, by ranges.
#[derive(Debug, Default)]
pub(super) struct Count {
    ranges: AtomicU64,
    bytes: AtomicU64,
}

impl Count {
    /// Ranges and bytes so far.
    pub(super) fn so_far(&self) -> (u64, u64) {
        let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (of(&self.ranges), of(&self.bytes))
    }
}

#[derive(Debug)]
pub(super) struct Counted {
    pub(super) source: Arc<dyn RangeSource>,
    pub(super) count: Arc<Count>,
}

impl RangeSource for Counted {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.count.ranges.fetch_add(1, Ordering::Relaxed);
        self.source.read_at(offset, into)?;
        self.count
            .bytes
            .fetch_add(into.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn path(&self) -> Option<&Path> {
        self.source.path()
    }

    fn gap_bytes(&self) -> u64 {
        self.source.gap_bytes()
    }
}
