//! MP4, QuickTime and 3GP: ISO/IEC 14496-12.

use super::{IndexLimits, NoIndex, Track};
use crate::source::RangeSource;

/// Whether a file that starts so is one: a box that comes first in such files.
pub(super) fn begins(start: &[u8; 12]) -> bool {
    matches!(
        &start[4..8],
        b"ftyp" | b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"styp" | b"sidx" | b"moof"
    )
}

pub(super) fn index(_: &dyn RangeSource, _: IndexLimits) -> Result<Track, NoIndex> {
    Err(NoIndex::Odd("not read yet"))
}
