//! Samples as they arrive from the source, taken out of what they are packed in.

use crate::VideoTrack;
use source::{Prefetcher, ReadError};

/// In the order in which they were asked for.
pub struct SamplePieces<'a> {
    /// Whose samples they are.
    pub track: &'a VideoTrack,
    /// The same as the file has them.
    pub stored: Prefetcher,
}

impl Iterator for SamplePieces<'_> {
    type Item = Result<Vec<u8>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let stored = self.stored.next()?;
        Some(stored.map(|stored| self.track.unpacked(stored)))
    }
}
