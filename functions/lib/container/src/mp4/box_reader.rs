//! The boxes of the file itself, read by ranges: media data is stepped over.

use super::boxes::header;
use crate::IndexError;
use plan::Budget;
use source::RangeSource;

/// Read at once where a header is wanted: most fragments' headers are smaller, so that each
/// takes one read.
const WINDOW_BYTES: u64 = 4096;
/// However costly requests are, so much is never read for a header.
const MOST_WINDOW_BYTES: u64 = 1 << 20;
/// Of a box with a 64-bit size.
const HEADER_BYTES: u64 = 16;

const ENDS: IndexError = IndexError::Unsupported("the file ends within its index");

/// Steps from box to box.
#[derive(Debug)]
pub(super) struct BoxReader<'a> {
    source: &'a dyn RangeSource,
    at: u64,
    /// Bytes that may yet be looked at.
    budget: u64,
    window_at: u64,
    window: Vec<u8>,
}

/// Where a box lies, bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxHeader {
    pub(super) kind: [u8; 4],
    pub(super) at: u64,
    header: u64,
    bytes: u64,
}

impl<'a> BoxReader<'a> {
    pub(super) fn new(source: &'a dyn RangeSource, budget: u64) -> Self {
        Self {
            source,
            at: 0,
            budget,
            window_at: 0,
            window: Vec::new(),
        }
    }

    /// The next box; none at the end of the file.
    pub(super) fn step(&mut self) -> Result<Option<BoxHeader>, IndexError> {
        let left = self.source.bytes().saturating_sub(self.at);
        if left < 8 {
            return Ok(None);
        }
        self.spend(HEADER_BYTES)?;
        let at = self.at;
        let start = self.peek(at, HEADER_BYTES.min(left))?;
        let (header, bytes) = header(start).ok_or(IndexError::Unsupported("a box has no size"))?;
        let kind = [start[4], start[5], start[6], start[7]];
        self.at = at.saturating_add(bytes);
        Ok(Some(BoxHeader {
            kind,
            at,
            header: header as u64,
            bytes,
        }))
    }

    /// Where the next box begins.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    /// Reads from there again; that costs as much as the first time.
    pub(super) fn go_back(&mut self, at: u64) {
        self.at = at;
    }

    /// The body of a box.
    pub(super) fn body(&mut self, place: BoxHeader) -> Result<Vec<u8>, IndexError> {
        let left = self.source.bytes().saturating_sub(place.at);
        if place.bytes != u64::MAX && place.bytes > left {
            return Err(ENDS);
        }
        let (at, bytes) = (
            place.at + place.header,
            place.bytes.min(left).saturating_sub(place.header),
        );
        self.spend(bytes)?;
        if bytes <= MOST_WINDOW_BYTES {
            return Ok(self.peek(at, bytes)?.to_vec());
        }
        let mut body = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
        self.source.read_at(at, &mut body)?;
        Ok(body)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), IndexError> {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.ok_or(IndexError::Over(Budget::IndexBytes))?;
        Ok(())
    }

    /// Bytes of the file; what comes after them is read along.
    fn peek(&mut self, at: u64, bytes: u64) -> Result<&[u8], IndexError> {
        let end = at.saturating_add(bytes);
        let held = self.window_at.saturating_add(self.window.len() as u64);
        if at < self.window_at || end > held {
            self.fill(at, bytes)?;
        }
        let start = usize::try_from(at - self.window_at).unwrap_or(usize::MAX);
        let end = usize::try_from(end - self.window_at).unwrap_or(usize::MAX);
        self.window.get(start..end).ok_or(ENDS)
    }

    fn fill(&mut self, at: u64, bytes: u64) -> Result<(), IndexError> {
        let gap = self.source.gap_bytes();
        let usual = gap.clamp(WINDOW_BYTES, MOST_WINDOW_BYTES);
        // The header that follows is wanted next.
        let wanted = usual.max(bytes.saturating_add(HEADER_BYTES));
        let left = self.source.bytes().saturating_sub(at);
        let bytes = usize::try_from(wanted.min(left)).unwrap_or(usize::MAX);
        self.window.clear();
        self.window.resize(bytes, 0);
        self.window_at = at;
        let read = self.source.read_at(at, &mut self.window);
        read.inspect_err(|_| self.window.clear())?;
        Ok(())
    }
}
