//! What is to come out of a decoder.

use std::ops::RangeInclusive;

/// A picture that is to come out: the next one, whenever it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExpectedPicture {
    /// Its time on the fed stream's clock.
    pub(super) pts: u64,
    /// The sample that decoding begins with, and the one that it is.
    pub(super) first: usize,
    pub(super) sample: usize,
    /// The shape of its pixels after turning, where that is known better than ffmpeg tells it.
    pub(super) aspect: Option<(u32, u32)>,
}

impl ExpectedPicture {
    /// Those that are decoded for it, and others between them.
    pub(super) fn samples(&self) -> RangeInclusive<usize> {
        self.first..=self.sample
    }
}
