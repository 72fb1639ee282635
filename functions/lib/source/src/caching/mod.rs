//! What was read last, kept: whoever reads an index and then what it tells of asks for much of it twice.

mod kept_ranges;

use crate::{RangeSource, ReadError};
use kept_ranges::{KeptRanges, ReadGaps};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of one source: as many bytes as were read last. A file of no more is kept as a whole.
const MOST_BYTES: u64 = 8 << 20;
/// Of a larger one, longer reads are those of somebody who copies it.
const MOST_BYTES_OF_ONE: u64 = 2 << 20;
/// Of a file that is kept as a whole, a read of so many gaps is worth a request, and what is kept
/// after it is not read again.
const ENOUGH_GAPS: u64 = 8;

/// A source that is asked for what is not kept of it. What is kept is of the same version as all
/// else that it gives.
#[derive(Debug)]
pub struct CachingSource {
    source: Arc<dyn RangeSource>,
    kept: Mutex<KeptRanges>,
}

impl CachingSource {
    /// Around a source that is far away. What is read of a file on this machine the system keeps.
    #[must_use]
    pub fn of_far(source: Arc<dyn RangeSource>) -> Arc<dyn RangeSource> {
        match source.path() {
            Some(_) => source,
            None => Arc::new(Self::new(source)),
        }
    }

    fn new(source: Arc<dyn RangeSource>) -> Self {
        let kept = Mutex::new(KeptRanges::new(MOST_BYTES));
        Self { source, kept }
    }

    fn gaps(&self) -> ReadGaps {
        let gap_bytes = self.gap_bytes();
        let is_kept_whole = self.bytes() <= MOST_BYTES;
        ReadGaps {
            gap_bytes,
            enough_bytes: is_kept_whole.then(|| gap_bytes.saturating_mul(ENOUGH_GAPS)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, KeptRanges> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads all of `into` from the source.
    fn fetch(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.source.read_at(offset, into)?;
        if self.bytes() <= MOST_BYTES || into.len() as u64 <= MOST_BYTES_OF_ONE {
            self.kept().keep(offset, into);
        }
        Ok(())
    }
}

impl RangeSource for CachingSource {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let end = offset.checked_add(into.len() as u64);
        if into.is_empty() || end.is_none_or(|end| end > self.bytes()) {
            return self.source.read_at(offset, into);
        }
        let gaps = self.gaps();
        let mut done = 0;
        while done < into.len() {
            let (at, rest) = (offset + done as u64, &mut into[done..]);
            done += self.kept().copy(at, rest);
            let (at, rest) = (offset + done as u64, &mut into[done..]);
            let missing = self.kept().missing(at, rest.len(), gaps);
            if missing > 0 {
                self.fetch(at, &mut rest[..missing])?;
                done += missing;
            }
        }
        Ok(())
    }

    fn kept_bytes(&self) -> u64 {
        MOST_BYTES
    }

    fn inner(&self) -> Option<&dyn RangeSource> {
        Some(&*self.source)
    }
}

#[cfg(test)]
mod tests;
