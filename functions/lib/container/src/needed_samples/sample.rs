//! What comes of the choice.

/// A sample that is to be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededSample {
    /// Its index.
    pub sample: usize,
    /// Without the frames that nothing needs.
    pub bytes: Vec<u8>,
}
