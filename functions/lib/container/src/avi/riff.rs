//! Chunks of RIFF: four characters, a size of four bytes, the body, and a byte that makes it even.

use crate::IndexError;
use crate::little_endian::number;
use crate::window_reader::WindowReader;

pub(super) const DAMAGED: IndexError = IndexError::Unsupported("a chunk of it is damaged");
/// Before the body.
pub(super) const HEADER_BYTES: u64 = 8;

/// Where a chunk lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChunkHeader {
    pub(super) kind: [u8; 4],
    /// Where its body begins.
    pub(super) body: u64,
    pub(super) bytes: u32,
}

impl ChunkHeader {
    /// The chunk at `at`.
    pub(super) fn read(reader: &mut WindowReader<'_>, at: u64) -> Result<Self, IndexError> {
        let header = reader.peek(at, HEADER_BYTES)?;
        Self::parse(header, at).ok_or(DAMAGED)
    }

    fn parse(header: &[u8], at: u64) -> Option<Self> {
        Some(Self {
            kind: *header.first_chunk()?,
            body: at.checked_add(HEADER_BYTES)?,
            bytes: number(header, 4)?,
        })
    }

    /// Where what follows it begins.
    pub(super) fn next(&self) -> u64 {
        let bytes = u64::from(self.bytes);
        self.body.saturating_add(bytes + (bytes & 1))
    }
}

/// What a list, or the whole file, holds: four characters after the header.
pub(super) fn list_kind(
    reader: &mut WindowReader<'_>,
    list: ChunkHeader,
) -> Result<[u8; 4], IndexError> {
    let kind = reader.peek(list.body, 4)?;
    kind.first_chunk().copied().ok_or(DAMAGED)
}

/// Chunks in memory, each with its kind. What breaks off is none.
pub(super) fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let header = ChunkHeader::parse(bytes, 0)?;
        let rest = bytes.get(8..)?;
        let length = usize::try_from(header.bytes).ok()?;
        let (body, rest) = rest.split_at_checked(length)?;
        bytes = rest.get(length & 1..).unwrap_or_default();
        Some((header.kind, body))
    })
}

/// The stream that a chunk belongs to, and what it holds.
pub(super) fn stream_chunk(kind: [u8; 4]) -> Option<(usize, [u8; 2])> {
    let [tens, ones, what @ ..] = kind;
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    let number = || usize::from(tens - b'0') * 10 + usize::from(ones - b'0');
    is_number.then(|| (number(), what))
}

/// Whether a chunk of a stream holds coded video.
pub(super) fn is_picture(what: [u8; 2]) -> bool {
    matches!(&what, b"dc" | b"db")
}
