//! Elements that are in memory: EBML, RFC 8794.

use crate::IndexError;

pub(super) const DAMAGED: IndexError = IndexError::Unsupported("an element is damaged");

/// The longest header: four bytes of identifier, eight of size.
pub(super) const HEADER_BYTES: u64 = 12;

/// What an element begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EbmlHeader {
    /// Its marker bit included, as in the specification's tables.
    pub(super) id: u32,
    /// Of the header itself.
    pub(super) bytes: usize,
    /// Of the body; none where the size is unknown.
    pub(super) body_bytes: Option<u64>,
}

/// Reads an element's header; none where it is damaged or cut off.
pub(super) fn header(start: &[u8]) -> Option<EbmlHeader> {
    let id_bytes = width(start)?;
    if id_bytes > 4 {
        return None;
    }
    let id = start.get(..id_bytes)?;
    let id = id.iter().fold(0, |id, &byte| (id << 8) | u32::from(byte));
    let (body_bytes, size_bytes) = number(start.get(id_bytes..)?)?;
    let unknown = (1_u64 << (7 * size_bytes)) - 1;
    Some(EbmlHeader {
        id,
        bytes: id_bytes + size_bytes,
        body_bytes: (body_bytes != unknown).then_some(body_bytes),
    })
}

/// A number of variable length, its marker bit taken off, and its bytes.
pub(super) fn number(start: &[u8]) -> Option<(u64, usize)> {
    let bytes = width(start)?;
    let number = start.get(..bytes)?;
    let number = number
        .iter()
        .fold(0, |number, &byte| (number << 8) | u64::from(byte));
    Some((number & ((1 << (7 * bytes)) - 1), bytes))
}

/// Bytes of a number: one more than its first byte has zeros in front.
fn width(start: &[u8]) -> Option<usize> {
    let first = *start.first()?;
    (first != 0).then(|| first.leading_zeros() as usize + 1)
}

/// One element.
#[derive(Debug, Clone, Copy)]
pub(super) struct EbmlElement<'a> {
    pub(super) id: u32,
    pub(super) body: &'a [u8],
}

/// The elements within `body`; the last is an error where they do not fill it.
pub(super) fn elements(body: &[u8]) -> impl Iterator<Item = Result<EbmlElement<'_>, IndexError>> {
    let mut left = body;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let element = first(left);
        left = element.as_ref().map_or(&[], |&(_, rest)| rest);
        Some(element.map(|(element, _)| element).ok_or(DAMAGED))
    })
}

fn first(bytes: &[u8]) -> Option<(EbmlElement<'_>, &[u8])> {
    let header = header(bytes)?;
    let body_bytes = usize::try_from(header.body_bytes?).ok()?;
    let (body, rest) = bytes.get(header.bytes..)?.split_at_checked(body_bytes)?;
    let id = header.id;
    Some((EbmlElement { id, body }, rest))
}

impl EbmlElement<'_> {
    /// An unsigned integer of up to eight bytes.
    pub(super) fn unsigned(&self) -> Result<u64, IndexError> {
        if self.body.len() > 8 {
            return Err(DAMAGED);
        }
        Ok(self
            .body
            .iter()
            .fold(0, |number, &byte| (number << 8) | u64::from(byte)))
    }

    /// A floating-point number of no, four or eight bytes.
    pub(super) fn float(&self) -> Result<f64, IndexError> {
        if self.body.is_empty() {
            return Ok(0.0);
        }
        if let Ok(bytes) = self.body.try_into() {
            return Ok(f64::from(f32::from_be_bytes(bytes)));
        }
        let bytes = self.body.try_into().map_err(|_| DAMAGED)?;
        Ok(f64::from_be_bytes(bytes))
    }

    /// Text without what pads it.
    pub(super) fn text(&self) -> &[u8] {
        let end = self.body.iter().position(|&byte| byte == 0);
        &self.body[..end.unwrap_or(self.body.len())]
    }
}
