//! Which ranges are read for which pieces.

use super::byte_range::ByteRange;
use super::limits::PrefetchLimits;
use crate::ReadError;
use std::ops::Range;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MergedRead {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    /// The pieces that lie in it.
    pub(super) pieces: Range<usize>,
}

impl MergedRead {
    fn end(&self) -> u64 {
        self.offset + self.bytes
    }
}

/// So many times a file may be read in one pass, and so many bytes however small it is.
const MOST_TIMES: u64 = 4;
const MOST_OF_SMALL: u64 = 64 << 20;

/// Refuses what no read could bring, before anything is read or allocated.
pub(super) fn check(
    pieces: &[ByteRange],
    source_bytes: u64,
    piece_bytes: u64,
) -> Result<(), ReadError> {
    // An index may say that all pictures lie in the same bytes, millions of times.
    let all: u64 = pieces.iter().map(|piece| u64::from(piece.bytes)).sum();
    let most = source_bytes
        .saturating_mul(MOST_TIMES)
        .saturating_add(MOST_OF_SMALL);
    if all > most {
        let reason = format!("its coded pictures take {all} bytes of {source_bytes}");
        return Err(ReadError::Denied(reason));
    }
    for piece in pieces {
        let end = piece.offset.checked_add(u64::from(piece.bytes));
        if end.is_none_or(|end| end > source_bytes) {
            return Err(ReadError::Changed);
        }
        if u64::from(piece.bytes) > piece_bytes {
            let reason = format!(
                "a coded picture takes {} bytes, more than the {piece_bytes} allowed",
                piece.bytes
            );
            return Err(ReadError::Denied(reason));
        }
    }
    Ok(())
}

/// Pieces that follow each other both in the source and in `pieces` share a read. `pieces` are
/// checked, so that their ends fit.
pub(super) fn merge(
    pieces: &[ByteRange],
    gap_bytes: u64,
    limits: &PrefetchLimits,
) -> Vec<MergedRead> {
    let most = limits.read_bytes.min(limits.window_bytes);
    let mut reads: Vec<MergedRead> = Vec::new();
    for (nth, piece) in pieces.iter().enumerate() {
        let end = piece.offset + u64::from(piece.bytes);
        if let Some(read) = reads.last_mut() {
            let near = piece.offset <= read.end().saturating_add(gap_bytes);
            let fits = end <= read.end() || end - read.offset <= most;
            if piece.offset >= read.offset && near && fits {
                read.bytes = read.bytes.max(end - read.offset);
                read.pieces.end = nth + 1;
                continue;
            }
        }
        reads.push(MergedRead {
            offset: piece.offset,
            bytes: u64::from(piece.bytes),
            pieces: nth..nth + 1,
        });
    }
    reads
}
