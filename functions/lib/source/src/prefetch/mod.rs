//! The bytes of many samples: few requests, several at once, bounded memory, in order.

mod byte_range;
mod limits;
mod readers;
mod reads;
#[cfg(test)]
mod tests;

pub use byte_range::ByteRange;
pub use limits::PrefetchLimits;

use super::{RangeSource, ReadError};
use plan::Deadline;
use readers::ReaderPool;
use reads::MergedRead;
use std::fmt::Debug;
use std::sync::Arc;

/// Pieces of a source, in the order in which they were asked for.
///
/// Neighbours, in the source as in that order, whose gap is no wider than
/// [`RangeSource::gap_bytes`] are read by one request. No byte is read twice, but where a piece
/// begins before the one it follows, or overlaps one that another request has brought: such
/// pieces come true to the byte as well, each in its turn. Transient errors are tried again
/// ([`Retries`]); any other, or the last, is given once all pieces before it are, and ends
/// the fetch. Whoever drops it ends its threads, waiting for requests that are under way, unless
/// its time is over ([`Prefetcher::until`]).
#[derive(Debug)]
pub struct Prefetcher {
    readers: ReaderPool,
    pieces: Vec<ByteRange>,
    /// How many pieces were given.
    given: usize,
    /// The read that the next piece lies in, where it is here already.
    current: Option<(MergedRead, Vec<u8>)>,
    failed: bool,
}

impl Prefetcher {
    /// Begins to read.
    ///
    /// # Errors
    /// [`ReadError::Changed`] where a piece ends after the source does, [`ReadError::Denied`]
    /// where one is larger than the limits allow: before any request and any allocation.
    pub fn start(
        source: Arc<dyn RangeSource>,
        pieces: Vec<ByteRange>,
        limits: PrefetchLimits,
    ) -> Result<Self, ReadError> {
        reads::check(&pieces, source.bytes(), limits.piece_bytes)?;
        let reads = reads::merge(&pieces, source.gap_bytes(), &limits);
        Ok(Self {
            readers: ReaderPool::start(source, reads, limits)?,
            pieces,
            given: 0,
            current: None,
            failed: false,
        })
    }

    /// The same, but with an error once `until` is over, even where a source does not answer.
    #[must_use]
    pub fn until(mut self, until: Deadline) -> Self {
        self.readers.until = until;
        self
    }

    fn piece(&mut self, piece: ByteRange) -> Result<Vec<u8>, ReadError> {
        let (read, bytes) = match self.current.take() {
            Some(current) => current,
            None => self.arrived()?,
        };
        let is_last = self.given + 1 == read.pieces.end;
        if is_last {
            self.readers.release(&read);
        }
        if is_last && read.bytes == u64::from(piece.bytes) {
            return Ok(bytes);
        }
        let cut = part(&bytes, piece.offset - read.offset, piece.bytes);
        if !is_last {
            self.current = Some((read, bytes));
        }
        cut
    }

    fn arrived(&self) -> Result<(MergedRead, Vec<u8>), ReadError> {
        // Every piece lies in a read, so there is one more.
        let (read, bytes) = self.readers.take().ok_or(ReadError::Changed)?;
        Ok((read, bytes?))
    }
}

fn part(bytes: &[u8], from: u64, length: u32) -> Result<Vec<u8>, ReadError> {
    let from = usize::try_from(from).ok();
    let part = from.and_then(|from| bytes.get(from..)?.get(..length as usize));
    Ok(part.ok_or(ReadError::Changed)?.to_vec())
}

impl Iterator for Prefetcher {
    type Item = Result<Vec<u8>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = *self.pieces.get(self.given).filter(|_| !self.failed)?;
        let got = self.piece(piece);
        self.given += 1;
        self.failed = got.is_err();
        Some(got)
    }
}
