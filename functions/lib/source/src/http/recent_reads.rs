//! The last small reads of a file, which index readers ask for again and again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Longer reads are samples: nobody asks for them twice.
const MOST_BYTES_OF_ONE: usize = 64 << 10;
const MOST_READS: usize = 16;

/// Of one version of one file.
#[derive(Debug, Default)]
pub(super) struct RecentReads(Mutex<VecDeque<(u64, Vec<u8>)>>);

impl RecentReads {
    /// Fills `into` where one of the reads has it all.
    pub(super) fn fill(&self, offset: u64, into: &mut [u8]) -> bool {
        let reads = self.reads();
        let part = reads.iter().find_map(|(from, bytes)| {
            let from = usize::try_from(offset.checked_sub(*from)?).ok()?;
            bytes.get(from..)?.get(..into.len())
        });
        part.map(|part| into.copy_from_slice(part)).is_some()
    }

    pub(super) fn keep(&self, offset: u64, bytes: &[u8]) {
        if bytes.len() > MOST_BYTES_OF_ONE {
            return;
        }
        let mut reads = self.reads();
        if reads.len() == MOST_READS {
            reads.pop_front();
        }
        reads.push_back((offset, bytes.to_owned()));
    }

    fn reads(&self) -> MutexGuard<'_, VecDeque<(u64, Vec<u8>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
