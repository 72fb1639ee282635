//! Samples that hold zeros where none can be, or that a loss reaches: the decoder complains of nothing
//! there.

use container::bitstream::ReachedSamples;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

/// Of those fed to one process. Whoever feeds a sample notes it before the decoder can show a picture
/// that depends on it.
#[derive(Debug, Default)]
pub(super) struct SilentDamage(Mutex<Vec<(usize, ReachedSamples)>>);

impl SilentDamage {
    pub(super) fn note(&self, sample: usize, reached: ReachedSamples) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push((sample, reached));
    }

    pub(super) fn is_among(&self, samples: &RangeInclusive<usize>) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().any(|(sample, _)| samples.contains(sample))
    }

    /// Whether it reaches the last of `samples`, which are decoded for that one.
    pub(super) fn reaches_last(&self, samples: &RangeInclusive<usize>) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().any(|(sample, reached)| match reached {
            ReachedSamples::None => false,
            ReachedSamples::Own => sample == samples.end(),
            ReachedSamples::Following => samples.contains(sample),
        })
    }
}
