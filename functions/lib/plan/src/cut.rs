//! The cut: which coded samples the wanted pictures need, and no others.

use crate::Sample;

/// Samples to be decoded one after the other, from a sync sample to the last target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The sync sample: index into the track's samples.
    pub first: usize,
    /// The last target in decoding order; nothing after it is needed.
    pub last: usize,
    /// Indices of the samples whose pictures are wanted, in order of presentation.
    pub targets: Vec<usize>,
}

/// Why there is no cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCut {
    /// Nothing to start decoding from comes before this sample.
    NoSync(usize),
    /// Groups would give their pictures in another order than that of presentation.
    OutOfOrder,
}

/// Cuts `targets` (indices into `samples`, which are in decoding order) out of a track.
///
/// # Errors
/// See [`NoCut`].
pub fn cut(samples: &[Sample], targets: &[usize]) -> Result<Vec<Group>, NoCut> {
    let _ = (samples, targets);
    Ok(Vec::new())
}
