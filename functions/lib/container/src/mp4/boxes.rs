//! Boxes within a box that is in memory: ISO/IEC 14496-12, 4.2.

use crate::IndexError;

/// One box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mp4Box<'a> {
    pub(super) kind: [u8; 4],
    pub(super) body: &'a [u8],
    /// The header included.
    pub(super) whole: &'a [u8],
}

/// The boxes that `body` begins with, up to the first that cannot be one. The last is cut where
/// `body` ends, whatever it says.
pub(super) fn boxes(body: &[u8]) -> impl Iterator<Item = Mp4Box<'_>> {
    let mut left = body;
    std::iter::from_fn(move || {
        let (header, bytes) = header(left)?;
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).min(left.len());
        let (whole, rest) = left.split_at(bytes);
        let boxed = Mp4Box {
            kind: kind(whole)?,
            body: whole.get(header..)?,
            whole,
        };
        left = rest;
        Some(boxed)
    })
}

fn kind(whole: &[u8]) -> Option<[u8; 4]> {
    whole.get(4..8)?.try_into().ok()
}

/// The bytes of a box's header and of the whole box; a box without a size goes on to the end.
pub(super) fn header(start: &[u8]) -> Option<(usize, u64)> {
    let short = u32::from_be_bytes(start.get(..4)?.try_into().ok()?);
    let (header, bytes) = match short {
        0 => (8, u64::MAX),
        1 => (16, u64::from_be_bytes(start.get(8..16)?.try_into().ok()?)),
        short => (8, u64::from(short)),
    };
    (bytes >= header as u64).then_some((header, bytes))
}

/// The body of the one box of this kind, where there is one. Players differ in which of two they
/// take.
pub(super) fn optional<'a>(
    body: &'a [u8],
    wanted: &[u8; 4],
) -> Result<Option<&'a [u8]>, IndexError> {
    let mut found = boxes(body).filter(|boxed| &boxed.kind == wanted);
    let first = found.next().map(|boxed| boxed.body);
    match found.next() {
        None => Ok(first),
        Some(_) => Err(IndexError::Unsupported("a box is there twice")),
    }
}

/// Like [`optional`], for a box that must be there.
pub(super) fn required<'a>(body: &'a [u8], wanted: &[u8; 4]) -> Result<&'a [u8], IndexError> {
    optional(body, wanted)?.ok_or(IndexError::Unsupported("a box is missing"))
}
