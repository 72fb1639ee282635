//! Why there is no cut.

use thiserror::Error;

/// Why there is no cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CutPlanError {
    /// Nothing to start decoding from comes before this sample, or the track has no such sample.
    #[error("sample {0} cannot be decoded from any sync sample before it")]
    NoSync(usize),
    /// Groups would give their pictures in another order than that of presentation.
    #[error("the pictures would not come in order of presentation")]
    OutOfOrder,
}
