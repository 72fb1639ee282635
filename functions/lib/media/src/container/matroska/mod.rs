//! Matroska and WebM: RFC 9559.

use super::{IndexLimits, NoIndex, Track};
use crate::source::RangeSource;

pub(super) fn index(_: &dyn RangeSource, _: IndexLimits) -> Result<Track, NoIndex> {
    Err(NoIndex::Odd("not read yet"))
}
