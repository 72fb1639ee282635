//! Data packets, one of them after the other: 5.2 of the specification.

use crate::IndexError;
use crate::little_endian::{number, short};

const DAMAGED: IndexError = IndexError::Damaged("a packet of it is damaged");
/// What each that writes such files agrees on: how long the fields before a payload are.
const ODD_PACKET: IndexError = IndexError::Unsupported("a packet of it is of no usual form");

/// What each packet begins with: that two bytes of nothing stand for the correction of errors.
const NO_CORRECTION: [u8; 3] = [0x82, 0, 0];
/// Of the fields of a payload.
const USUAL_FIELDS: u8 = 0x5d;
/// One byte for the stream, one for the object's number, four for the place in it, one for how long
/// what is said of it is.
const PAYLOAD_HEADER_BYTES: usize = 7;
/// Readers look for no payload where less is left.
const LEAST_PAYLOAD_BYTES: usize = 17;

/// A part of an object, or some that are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Payload<'a> {
    pub(super) stream: u8,
    pub(super) is_key: bool,
    /// Of the object, modulo 256.
    pub(super) number: u8,
    /// Where in its object it begins.
    pub(super) offset: u32,
    /// What is said of the object.
    pub(super) said: &'a [u8],
    pub(super) bytes: &'a [u8],
    /// From the start of the packet to the header that belongs to this payload alone: all of it where
    /// there is no other.
    pub(super) header_at: usize,
    /// The same to its end, however much of it is there.
    pub(super) end: usize,
}

impl Payload<'_> {
    /// How long the object is and when it is shown, ms. None for some objects in one payload.
    pub(super) fn object(&self) -> Option<(u32, u32)> {
        Some((number(self.said, 0)?, number(self.said, 4)?))
    }
}

/// The payloads of a packet, of which as much may be missing at its end as may.
#[derive(Debug)]
pub(super) struct PayloadReader<'a> {
    packet: &'a [u8],
    at: usize,
    /// Where the last payload ends.
    end: usize,
    left: u8,
    has_lengths: bool,
}

impl<'a> PayloadReader<'a> {
    /// Of a packet of so many bytes. None where less is there than its header.
    pub(super) fn new(packet: &'a [u8], bytes: usize) -> Result<Option<Self>, IndexError> {
        let Some(&[a, b, c, flags, fields]) = packet.first_chunk() else {
            return Ok(None);
        };
        // The last bits: whether there are several payloads, and how long three lengths are.
        if [a, b, c] != NO_CORRECTION || fields != USUAL_FIELDS || flags & 0x80 != 0 {
            return Err(ODD_PACKET);
        }
        let mut at = 5;
        let mut length = |kind: u8| {
            let (value, bytes) = match kind & 3 {
                0 => (Some(0), 0),
                1 => (packet.get(at).map(|&byte| u32::from(byte)), 1),
                2 => (short(packet, at).map(u32::from), 2),
                _ => (number(packet, at), 4),
            };
            at += bytes;
            value.map(|value| usize::try_from(value).unwrap_or(usize::MAX))
        };
        let (whole, sequence, padding) =
            (length(flags >> 5), length(flags >> 1), length(flags >> 3));
        let (Some(whole), Some(_), Some(padding)) = (whole, sequence, padding) else {
            return Ok(None);
        };
        // When it is sent, and for how long.
        at += 6;
        let whole = if whole == 0 { bytes } else { whole };
        let has_lengths = flags & 1 != 0;
        let left = match has_lengths {
            false => 1,
            true => {
                const LENGTHS_OF_TWO_BYTES: u8 = 2;
                let Some(count) = packet.get(at) else {
                    return Ok(None);
                };
                at += 1;
                if count >> 6 != LENGTHS_OF_TWO_BYTES {
                    return Err(ODD_PACKET);
                }
                count & 0x3f
            }
        };
        let end = whole
            .checked_sub(padding)
            .filter(|&end| end > at && whole <= bytes);
        Ok(Some(Self {
            packet,
            at,
            end: end.ok_or(DAMAGED)?,
            left,
            has_lengths,
        }))
    }

    /// Where the last payload ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// None behind the last one, or where what is there breaks off before its bytes.
    pub(super) fn next(&mut self) -> Result<Option<Payload<'a>>, IndexError> {
        if self.left == 0 {
            let is_full = self.at == self.end;
            return is_full.then_some(None).ok_or(DAMAGED);
        }
        if self.end - self.at < LEAST_PAYLOAD_BYTES {
            return Err(DAMAGED);
        }
        self.left -= 1;
        let begin = self.at;
        let header = self.packet.get(begin..begin + PAYLOAD_HEADER_BYTES);
        let Some(&[stream, object, ref offset @ .., said_bytes]) = header else {
            return Ok(None);
        };
        let said_at = begin + PAYLOAD_HEADER_BYTES;
        let mut at = said_at + usize::from(said_bytes);
        let Some(said) = self.packet.get(said_at..at) else {
            return Ok(None);
        };
        let bytes = if self.has_lengths {
            let Some(bytes) = short(self.packet, at) else {
                return Ok(None);
            };
            at += 2;
            usize::from(bytes)
        } else {
            self.end.saturating_sub(at)
        };
        let end = at + bytes;
        if end > self.end || bytes == 0 {
            return Err(DAMAGED);
        }
        self.at = end;
        let there = self.packet.len().clamp(at, end);
        Ok(Some(Payload {
            stream: stream & 0x7f,
            is_key: stream & 0x80 != 0,
            number: object,
            offset: number(offset, 0).unwrap_or(0),
            said,
            bytes: self.packet.get(at..there).unwrap_or_default(),
            header_at: if self.has_lengths { begin } else { 0 },
            end,
        }))
    }
}

/// A payload that begins with its own header, in a packet of several. None where as much is not there.
pub(super) fn lone_payload(bytes: &[u8]) -> Result<Option<Payload<'_>>, IndexError> {
    let mut reader = PayloadReader {
        packet: bytes,
        at: 0,
        end: usize::MAX,
        left: 1,
        has_lengths: true,
    };
    reader.next()
}

/// Whether a packet begins here, and not the header of a payload: the first one of an object, in which
/// it begins at 0.
pub(super) fn begins_packet(bytes: &[u8]) -> bool {
    bytes.starts_with(&NO_CORRECTION) && bytes.get(4) == Some(&USUAL_FIELDS)
}
