//! Triplets of key, length and value: SMPTE ST 336.

use crate::IndexError;
use crate::window_reader::WindowReader;

pub(super) const DAMAGED: IndexError = IndexError::Unsupported("it is damaged");

pub(super) const KEY_BYTES: usize = 16;
/// Of a key and its length at most.
const MOST_HEADER_BYTES: u64 = 25;

/// A universal label.
pub(super) type Label = [u8; KEY_BYTES];

/// What comes before the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KlvHeader {
    /// Where the key begins.
    pub(super) at: u64,
    pub(super) key: Label,
    /// Where the value begins.
    pub(super) value: u64,
    /// Of the value.
    pub(super) bytes: u64,
}

/// What the key says of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KlvKind {
    PartitionPack,
    RandomIndexPack,
    IndexSegment,
    /// A set of the header metadata, with its number.
    MetadataSet(u8),
    /// Of a content package, which it begins.
    SystemItem,
    /// An element of essence, with the number of its track.
    Element([u8; 4]),
    /// Fill, a primer pack, or what nobody knows.
    Other,
}

impl KlvHeader {
    /// Of bytes that lie at `at`. None where they are none, or too few.
    pub(super) fn parse(bytes: &[u8], at: u64) -> Option<Self> {
        const LABEL: &[u8] = b"\x06\x0e\x2b\x34";
        let (key, rest) = bytes.split_first_chunk::<KEY_BYTES>()?;
        let (&first, rest) = rest.split_first()?;
        if !key.starts_with(LABEL) {
            return None;
        }
        let (long, bytes) = match first {
            0..=0x7f => (0, u64::from(first)),
            0x81..=0x88 => {
                let long = usize::from(first & 0x7f);
                let number = rest.get(..long)?.iter();
                (
                    long,
                    number.fold(0, |number, &byte| number << 8 | u64::from(byte)),
                )
            }
            _ => return None,
        };
        let value = at.checked_add((KEY_BYTES + 1 + long) as u64)?;
        value.checked_add(bytes)?;
        Some(Self {
            at,
            key: *key,
            value,
            bytes,
        })
    }

    pub(super) fn read(reader: &mut WindowReader<'_>, at: u64) -> Result<Self, IndexError> {
        let left = reader.file_bytes().checked_sub(at).ok_or(DAMAGED)?;
        let bytes = reader.peek(at, left.min(MOST_HEADER_BYTES))?;
        let header = Self::parse(bytes, at).ok_or(DAMAGED)?;
        let is_whole = header.end() <= reader.file_bytes();
        is_whole.then_some(header).ok_or(DAMAGED)
    }

    /// Where the next one begins.
    pub(super) fn end(&self) -> u64 {
        self.value.saturating_add(self.bytes)
    }

    pub(super) fn kind(&self) -> KlvKind {
        let [_, _, _, _, registry @ ..] = &self.key;
        match registry {
            [2, 5, 1, 1, 13, 1, 2, 1, 1, 2..=4, _, _] => KlvKind::PartitionPack,
            [2, 5, 1, 1, 13, 1, 2, 1, 1, 0x11, 1, 0] => KlvKind::RandomIndexPack,
            [2, 0x53, 1, 1, 13, 1, 2, 1, 1, 0x10, 1, 0] => KlvKind::IndexSegment,
            [2, 0x53, 1, 1, 13, 1, 1, 1, 1, 1, set, 0] => KlvKind::MetadataSet(*set),
            [2, 5 | 0x43 | 0x53, _, 1, 13, 1, 3, 1, 4 | 0x14, ..] => KlvKind::SystemItem,
            // The second is Avid's.
            [1, 2, 1, 1, 13, 1, 3, 1, number @ ..] | [1, 2, 1, 1, 14, 4, 3, 1, number @ ..] => {
                KlvKind::Element(*number)
            }
            _ => KlvKind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: &[u8]) -> Vec<u8> {
        let key = b"\x06\x0e\x2b\x34\x01\x02\x01\x01\x0d\x01\x03\x01\x15\x01\x05\x00";
        [&key[..], length, &[0; 4]].concat()
    }

    #[test]
    fn lengths_are_of_one_byte_or_say_how_many_more() {
        let of = |length: &[u8]| {
            let header = KlvHeader::parse(&bytes(length), 100)?;
            Some((header.value, header.bytes))
        };
        assert_eq!(of(&[0x7f]), Some((117, 127)));
        assert_eq!(of(&[0x83, 1, 0, 2]), Some((120, 65_538)));
        assert_eq!(of(&[0x80]), None, "it is not said");
        assert_eq!(of(&[0x89, 0, 0, 0, 0, 0, 0, 0, 0, 1]), None);
        assert_eq!(
            of(&[0x88, 255, 255, 255, 255, 255, 255, 255, 255]),
            None,
            "beyond any file"
        );
        assert_eq!(KlvHeader::parse(&bytes(&[0x84])[..20], 0), None, "cut off");
        let header = KlvHeader::parse(&bytes(&[1]), 0).unwrap();
        assert_eq!(header.kind(), KlvKind::Element([0x15, 1, 5, 0]));
    }
}
