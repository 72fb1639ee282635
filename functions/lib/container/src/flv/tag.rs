//! Tags of FLV: Adobe Flash Video File Format Specification 10.1, annex E.4.

use crate::window_reader::WindowReader;
use crate::{ENDS_EARLY, IndexError};

pub(super) const DAMAGED: IndexError = IndexError::Damaged("a tag of it is damaged");
const ENCRYPTED: IndexError = IndexError::Unsupported("a tag of it is encrypted");
pub(super) const BREAKS_OFF: &str = "it breaks off";
const CUT_OFF: IndexError = IndexError::Damaged(BREAKS_OFF);

/// Before what a tag holds.
pub(super) const HEADER_BYTES: u64 = 11;
/// Behind it: how long it was.
pub(super) const SIZE_BYTES: u64 = 4;

/// What a tag holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Sound,
    Video,
    Script,
}

/// Where a tag lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TagHeader {
    pub(super) kind: TagKind,
    /// Where what it holds begins.
    pub(super) body: u64,
    pub(super) bytes: u32,
    /// Milliseconds.
    pub(super) time: i64,
}

impl TagHeader {
    /// The tag at `at`; none where the file ends.
    pub(super) fn read(reader: &mut WindowReader<'_>, at: u64) -> Result<Option<Self>, IndexError> {
        const FILTERED: u8 = 0x20;
        let end = reader.file_bytes();
        if at == end {
            return Ok(None);
        }
        if end.saturating_sub(at) < HEADER_BYTES {
            return Err(CUT_OFF);
        }
        let header = reader.peek(at, HEADER_BYTES)?;
        let &[kind, _, _, _, low2, low1, low0, high, 0, 0, 0] = header else {
            return Err(DAMAGED);
        };
        let number = [0, header[1], header[2], header[3]];
        let bytes = u32::from_be_bytes(number);
        let kind = match kind {
            8 => TagKind::Sound,
            9 => TagKind::Video,
            18 => TagKind::Script,
            kind if kind & FILTERED != 0 => return Err(ENCRYPTED),
            _ => return Err(DAMAGED),
        };
        let tag = Self {
            kind,
            body: at + HEADER_BYTES,
            bytes,
            time: i32::from_be_bytes([high, low2, low1, low0]).into(),
        };
        if tag.time < 0 || tag.end() > end {
            return Err(CUT_OFF);
        }
        tag.check_size(reader)?;
        Ok(Some(tag))
    }

    /// Readers look for the next tag somewhere else where this is not said.
    fn check_size(&self, reader: &mut WindowReader<'_>) -> Result<(), IndexError> {
        let expected = u64::from(self.bytes) + HEADER_BYTES;
        if self.next() > reader.file_bytes() {
            return (self.end() == reader.file_bytes())
                .then_some(())
                .ok_or(CUT_OFF);
        }
        let said = reader.peek(self.end(), SIZE_BYTES)?;
        let said = said.first_chunk().copied().map(u32::from_be_bytes);
        let is_so = said.is_some_and(|said| u64::from(said) == expected);
        is_so.then_some(()).ok_or(DAMAGED)
    }

    fn end(&self) -> u64 {
        self.body + u64::from(self.bytes)
    }

    /// Where the next tag begins, or the file ends.
    pub(super) fn next(&self) -> u64 {
        self.end() + SIZE_BYTES
    }

    /// The beginning of what it holds.
    pub(super) fn head<'a>(
        &self,
        reader: &'a mut WindowReader<'_>,
        most: u64,
    ) -> Result<&'a [u8], IndexError> {
        reader.peek(self.body, u64::from(self.bytes).min(most))
    }
}

/// Where the first tag begins.
pub(super) fn first_tag(reader: &mut WindowReader<'_>) -> Result<u64, IndexError> {
    const FILE_HEADER_BYTES: u64 = 9;
    if reader.file_bytes() < FILE_HEADER_BYTES + SIZE_BYTES {
        return Err(IndexError::Damaged(ENDS_EARLY));
    }
    let header = reader.peek(0, FILE_HEADER_BYTES)?;
    let at = header.get(5..).and_then(<[u8]>::first_chunk).copied();
    let at = u64::from(at.map(u32::from_be_bytes).ok_or(DAMAGED)?);
    (at == FILE_HEADER_BYTES)
        .then_some(at + SIZE_BYTES)
        .ok_or(DAMAGED)
}
