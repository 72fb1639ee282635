//! Samples that hold zeros where none can be, or that a loss reaches: the decoder complains of nothing
//! there.

use bitstream::ReachedSamples;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Of those fed to one process. Whoever feeds a sample notes it before the decoder can show a picture
/// that depends on it.
#[derive(Debug, Default)]
pub struct SilentDamage {
    noted: Mutex<Vec<(usize, ReachedSamples)>>,
    is_in_doubt: AtomicBool,
}

impl SilentDamage {
    /// What it may reach.
    pub fn note(&self, sample: usize, reached: ReachedSamples) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push((sample, reached));
    }

    /// What a sample refers to, and what decoders keep then, is not known.
    pub fn doubt(&self) {
        self.is_in_doubt.store(true, Ordering::Relaxed);
    }

    /// Whether that is known of all samples so far.
    #[must_use]
    pub fn is_all_told(&self) -> bool {
        !self.is_in_doubt.load(Ordering::Relaxed)
    }

    /// Whether it is noted of one of `samples`.
    #[must_use]
    pub fn is_among(&self, samples: &RangeInclusive<usize>) -> bool {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().any(|(sample, _)| samples.contains(sample))
    }

    /// Whether it reaches the last of `samples`, which are decoded for that one.
    #[must_use]
    pub fn reaches_last(&self, samples: &RangeInclusive<usize>) -> bool {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().any(|(sample, reached)| match reached {
            ReachedSamples::None => false,
            ReachedSamples::Own => sample == samples.end(),
            ReachedSamples::Following => samples.contains(sample),
        })
    }
}
