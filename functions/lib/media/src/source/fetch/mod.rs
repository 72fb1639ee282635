//! The bytes of many samples: few requests, several at once, bounded memory, in order.

mod readers;
mod reads;
#[cfg(test)]
mod tests;

use super::{RangeSource, ReadError, Retries};
use crate::Until;
use plan::Sample;
use readers::Readers;
use reads::Read;
use std::fmt::Debug;
use std::sync::Arc;

/// A range that is wanted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins in the source, bytes.
    pub offset: u64,
    /// How long it is, bytes.
    pub bytes: u32,
}

impl From<&Sample> for Piece {
    fn from(sample: &Sample) -> Self {
        Self {
            offset: sample.offset,
            bytes: sample.size,
        }
    }
}

/// Bounds on one fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// Most requests at once: so many threads, at least one.
    pub in_flight: usize,
    /// Most bytes asked for or come and not yet taken. One piece that is larger is held alone.
    pub window_bytes: u64,
    /// Most bytes of one request, but for a piece that is larger.
    pub read_bytes: u64,
    /// Most bytes of one piece.
    pub piece_bytes: u64,
    /// For each request.
    pub retries: Retries,
}

impl FetchLimits {
    /// What suits `source`, for one of `shares` fetches that run side by side and hold at most
    /// `window_bytes` together. Far sources are read by eight requests of up to 1 MB at once. A
    /// file on this machine is read ahead by one thread, and not far: the system does that too.
    #[must_use]
    pub fn of(source: &dyn RangeSource, window_bytes: u64, shares: usize) -> Self {
        let shares = u64::try_from(shares.max(1)).unwrap_or(u64::MAX);
        let share = (window_bytes / shares).max(1);
        let is_near = source.path().is_some();
        Self {
            in_flight: if is_near { 1 } else { 8 },
            window_bytes: if is_near { share.min(1 << 20) } else { share },
            read_bytes: if is_near { 256 << 10 } else { 1 << 20 },
            piece_bytes: share,
            retries: Retries::default(),
        }
    }
}

/// Pieces of a source, in the order in which they were asked for.
///
/// Neighbours, in the source as in that order, whose gap is no wider than
/// [`RangeSource::gap_bytes`] are read by one request. No byte is read twice, but where a piece
/// begins before the one it follows, or overlaps one that another request has brought: such
/// pieces come true to the byte as well, each in its turn. Transient errors are tried again
/// ([`Retries`]); any other, or the last, is given once all pieces before it are, and ends
/// the fetch. Whoever drops it ends its threads, waiting for requests that are under way, unless
/// its time is over ([`Fetch::until`]).
#[derive(Debug)]
pub struct Fetch {
    readers: Readers,
    pieces: Vec<Piece>,
    /// How many pieces were given.
    given: usize,
    /// The read that the next piece lies in, where it is here already.
    current: Option<(Read, Vec<u8>)>,
    failed: bool,
}

impl Fetch {
    /// Begins to read.
    ///
    /// # Errors
    /// [`ReadError::Changed`] where a piece ends after the source does, [`ReadError::Denied`]
    /// where one is larger than the limits allow: before any request and any allocation.
    pub fn start(
        source: Arc<dyn RangeSource>,
        pieces: Vec<Piece>,
        limits: FetchLimits,
    ) -> Result<Self, ReadError> {
        reads::check(&pieces, source.bytes(), limits.piece_bytes)?;
        let reads = reads::merge(&pieces, source.gap_bytes(), &limits);
        Ok(Self {
            readers: Readers::start(source, reads, limits)?,
            pieces,
            given: 0,
            current: None,
            failed: false,
        })
    }

    /// The same, but with an error once `until` is over, even where a source does not answer.
    #[must_use]
    pub fn until(mut self, until: Until) -> Self {
        self.readers.until = until;
        self
    }

    fn piece(&mut self, piece: Piece) -> Result<Vec<u8>, ReadError> {
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

    fn arrived(&self) -> Result<(Read, Vec<u8>), ReadError> {
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

impl Iterator for Fetch {
    type Item = Result<Vec<u8>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = *self.pieces.get(self.given).filter(|_| !self.failed)?;
        let got = self.piece(piece);
        self.given += 1;
        self.failed = got.is_err();
        Some(got)
    }
}
