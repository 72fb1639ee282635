//! What a container says of its video track, read by ranges, without a decoder.
//!
//! An index is read whole or not at all: whatever is odd about a file is an [`Odd`], and the file
//! takes the seek path.

mod matroska;
mod mp4;
mod track;

pub(crate) use matroska::Outline;
pub(crate) use track::{Codec, Colour, Sound, Track};

use crate::Budget;
use crate::most::Most;
use crate::source::{RangeSource, ReadError};
use thiserror::Error;

/// Bounds on the memory and the time that an index may take. Whoever crafts a file decides none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexLimits {
    /// Most bytes read for the index.
    pub(crate) bytes: u64,
    /// Most samples of a track.
    pub(crate) samples: Most,
    /// Most tracks of any kind.
    pub(crate) streams: usize,
}

/// Why there is no index.
#[derive(Debug, Error)]
pub(crate) enum NoIndex {
    /// The container is none of ours, or has something that only a demuxer of ffmpeg's handles.
    #[error("{0}")]
    Odd(&'static str),
    /// It is larger than it may be, and would be for any reader.
    #[error("{0:?} is beyond its limit")]
    Over(Budget),
    /// The file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Reads of a long file only as much as tells its shape and its end, where that is possible.
pub(crate) fn outline(source: &dyn RangeSource, limits: IndexLimits) -> Result<Outline, NoIndex> {
    Outline::read(source, limits)
}

/// Reads the index of the video track that a player shows by default.
pub(crate) fn index(source: &dyn RangeSource, limits: IndexLimits) -> Result<Track, NoIndex> {
    let mut start = [0; 12];
    if source.bytes() < start.len() as u64 {
        return Err(NoIndex::Odd("it is too short"));
    }
    source.read_at(0, &mut start)?;
    if start.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        matroska::index(source, limits)
    } else if mp4::begins(&start) {
        mp4::index(source, limits)
    } else {
        Err(NoIndex::Odd("the container is neither MP4 nor Matroska"))
    }
}
