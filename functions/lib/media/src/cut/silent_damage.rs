//! Samples that hold zeros where none can be, or that come after one that is lost: the decoder
//! complains of nothing there.

use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

/// Of those fed to one process. Whoever feeds a sample notes it before the decoder can show a picture
/// that depends on it.
#[derive(Debug, Default)]
pub(super) struct SilentDamage(Mutex<Vec<usize>>);

impl SilentDamage {
    pub(super) fn note(&self, sample: usize) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push(sample);
    }

    pub(super) fn is_among(&self, samples: &RangeInclusive<usize>) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().any(|sample| samples.contains(sample))
    }
}
