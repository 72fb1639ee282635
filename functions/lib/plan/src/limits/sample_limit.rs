//! How many pictures of a video may be listed: so many bytes of our own memory, and so many as a
//! file of its size can hold. A table says in a few bytes that there are millions.

use super::{Budget, Limits};
use thiserror::Error;

/// What we hold of each at most, at one time: the sample, its times, the frame it is shown as,
/// and what is sorted of these.
const BYTES_EACH: u64 = 96;

/// Coded pictures are larger on average, but for few: one that only repeats another takes some
/// ten bytes.
const FILE_BYTES_EACH: u64 = 8;
/// So many may be listed of any file: 25 MB.
const OF_ANY_FILE: u64 = 1 << 18;

/// The most that may be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleLimit {
    /// The most samples.
    pub count: usize,
    bound: SampleBound,
}

/// Why no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SampleBound {
    Budget(Budget),
    /// The file has not that many bytes.
    File,
}

impl SampleLimit {
    /// Of a file of so many bytes.
    #[must_use]
    pub fn of(limits: &Limits, file_bytes: u64) -> Self {
        let of_file = OF_ANY_FILE.saturating_add(file_bytes / FILE_BYTES_EACH);
        let bounds = [
            (limits.samples as u64, SampleBound::Budget(Budget::Samples)),
            (
                limits.index_memory_bytes / BYTES_EACH,
                SampleBound::Budget(Budget::IndexMemory),
            ),
            (of_file, SampleBound::File),
        ];
        // Of equal ones the first, which its owner has set.
        let least = bounds.into_iter().min_by_key(|(count, _)| *count);
        let (count, bound) = least.unwrap_or((0, SampleBound::File));
        Self {
            count: usize::try_from(count).unwrap_or(usize::MAX),
            bound,
        }
    }

    /// At most `count`; what is more exceeds the budget of samples.
    #[must_use]
    pub const fn samples(count: usize) -> Self {
        let bound = SampleBound::Budget(Budget::Samples);
        Self { count, bound }
    }

    /// For one of so many that list side by side.
    #[must_use]
    pub fn shared(self, lists: usize) -> Self {
        let count = self.count / lists.max(1);
        Self { count, ..self }
    }

    /// Beside so many that are listed already.
    #[must_use]
    pub fn beside(self, listed: usize) -> Self {
        let count = self.count.saturating_sub(listed);
        Self { count, ..self }
    }

    /// To be asked with how many there are.
    ///
    /// # Errors
    /// There are more.
    pub fn check(self, count: usize) -> Result<(), TooManySamples> {
        if count <= self.count {
            return Ok(());
        }
        Err(self.error())
    }

    /// That there are more.
    #[must_use]
    pub fn error(self) -> TooManySamples {
        match self.bound {
            SampleBound::Budget(budget) => TooManySamples::Budget(budget),
            SampleBound::File => TooManySamples::File,
        }
    }
}

/// Why a list of pictures is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TooManySamples {
    /// A limit allows no more.
    #[error("{0:?} is beyond its limit")]
    Budget(Budget),
    /// The file has not that many bytes.
    #[error("it lists more pictures than its bytes can hold")]
    File,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_lists_few_and_a_large_one_as_many_as_memory_allows() {
        let limits = Limits::default();
        let small = SampleLimit::of(&limits, 1000);
        assert_eq!(
            (small.count, small.bound),
            (262_144 + 125, SampleBound::File)
        );
        let large = SampleLimit::of(&limits, 1 << 40);
        assert_eq!(large, SampleLimit::samples(limits.samples));
        let limits = Limits {
            index_memory_bytes: 96_000,
            ..limits
        };
        let frugal = SampleLimit::of(&limits, 1 << 40);
        assert_eq!(frugal.count, 1000);
        assert!(frugal.check(1000).is_ok());
        let over = frugal.check(1001);
        assert_eq!(over, Err(TooManySamples::Budget(Budget::IndexMemory)));
    }
}
