//! Time spent waiting for the source.

use crate::{RangeSource, ReadError};
use plan::Stalls;
use std::sync::Arc;

/// A source whose reads count as waits, so that no limit of time runs meanwhile.
#[derive(Debug)]
pub struct StallingSource {
    source: Arc<dyn RangeSource>,
    stalls: Stalls,
}

impl StallingSource {
    /// Counts what is waited for `source` in `stalls`.
    #[must_use]
    pub fn new(source: Arc<dyn RangeSource>, stalls: &Stalls) -> Self {
        let stalls = stalls.clone();
        Self { source, stalls }
    }
}

impl RangeSource for StallingSource {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let _stalled = self.stalls.wait();
        self.source.read_at(offset, into)
    }

    fn check(&self) -> Result<(), ReadError> {
        let _stalled = self.stalls.wait();
        self.source.check()
    }

    fn inner(&self) -> Option<&dyn RangeSource> {
        Some(&*self.source)
    }
}
