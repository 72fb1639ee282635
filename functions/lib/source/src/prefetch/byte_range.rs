//! What is wanted of a source.

use plan::CodedSample;

/// A range that is wanted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// Where it begins in the source, bytes.
    pub offset: u64,
    /// How long it is, bytes.
    pub bytes: u32,
}

impl From<&CodedSample> for ByteRange {
    fn from(sample: &CodedSample) -> Self {
        Self {
            offset: sample.offset,
            bytes: sample.size,
        }
    }
}
