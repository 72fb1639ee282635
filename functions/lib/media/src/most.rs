//! How many pictures of a video may be listed: so many bytes of our own memory, and so many as a
//! file of its size can hold. A table says in a few bytes that there are millions.

use crate::container::NoIndex;
use crate::{Budget, Limits, MediaError};

/// What we hold of each at most, at one time: the sample, its times, the frame it is shown as,
/// and what is sorted of these.
const BYTES_EACH: u64 = 96;

/// Coded pictures are larger on average, but for few: one that only repeats another takes some
/// ten bytes.
const FILE_BYTES_EACH: u64 = 8;
/// So many may be listed of any file: 25 MB.
const OF_ANY_FILE: u64 = 1 << 18;

const MORE_THAN_FIT: &str = "it lists more pictures than its bytes can hold";

/// The most that may be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Most {
    pub(crate) count: usize,
    bound: Bound,
}

/// Why no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Budget(Budget),
    /// The file has not that many bytes.
    File,
}

impl Most {
    /// Of a file of so many bytes.
    pub(crate) fn of(limits: &Limits, file_bytes: u64) -> Self {
        let of_file = OF_ANY_FILE.saturating_add(file_bytes / FILE_BYTES_EACH);
        let bounds = [
            (limits.samples as u64, Bound::Budget(Budget::Samples)),
            (
                limits.index_memory_bytes / BYTES_EACH,
                Bound::Budget(Budget::IndexMemory),
            ),
            (of_file, Bound::File),
        ];
        // Of equal ones the first, which its owner has set.
        let least = bounds.into_iter().min_by_key(|(count, _)| *count);
        let (count, bound) = least.unwrap_or((0, Bound::File));
        Self {
            count: usize::try_from(count).unwrap_or(usize::MAX),
            bound,
        }
    }

    /// So many, as the budget of samples says.
    #[cfg(any(test, feature = "fuzz"))]
    pub(crate) const fn samples(count: usize) -> Self {
        let bound = Bound::Budget(Budget::Samples);
        Self { count, bound }
    }

    /// For one of so many that list side by side.
    pub(crate) fn shared(self, lists: usize) -> Self {
        let count = self.count / lists.max(1);
        Self { count, ..self }
    }

    /// Beside so many that are listed already.
    pub(crate) fn beside(self, listed: usize) -> Self {
        let count = self.count.saturating_sub(listed);
        Self { count, ..self }
    }

    /// To be asked with how many there are.
    pub(crate) fn check(self, count: usize) -> Result<(), NoIndex> {
        match self.bound {
            _ if count <= self.count => Ok(()),
            Bound::Budget(budget) => Err(NoIndex::Over(budget)),
            Bound::File => Err(NoIndex::Odd(MORE_THAN_FIT)),
        }
    }

    /// What it is where even the decoder lists more.
    pub(crate) fn error(self, limits: &Limits) -> MediaError {
        match self.bound {
            Bound::Budget(budget) => MediaError::beyond(budget, limits),
            Bound::File => MediaError::Unreadable {
                detail: MORE_THAN_FIT.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_lists_few_and_a_large_one_as_many_as_memory_allows() {
        let limits = Limits::default();
        let small = Most::of(&limits, 1000);
        assert_eq!((small.count, small.bound), (262_144 + 125, Bound::File));
        let large = Most::of(&limits, 1 << 40);
        assert_eq!(large, Most::samples(limits.samples));
        let limits = Limits {
            index_memory_bytes: 96_000,
            ..limits
        };
        let frugal = Most::of(&limits, 1 << 40);
        assert_eq!(frugal.count, 1000);
        assert!(frugal.check(1000).is_ok());
        let over = frugal.check(1001);
        assert!(matches!(over, Err(NoIndex::Over(Budget::IndexMemory))));
    }
}
