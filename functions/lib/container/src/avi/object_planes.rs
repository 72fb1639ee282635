//! The pictures of MPEG-4 part 2 in the chunks of an AVI: ISO/IEC 14496-2, 6.2.5.
//!
//! A chunk is a picture, an empty one, or nothing: then the picture before it is shown on. Encoders
//! that had to give a chunk for each picture at once put one that is shown earlier behind the one it
//! refers to ("packed"), and where its own chunk would be, an empty picture.

use super::chunk_table::VideoChunk;
use crate::IndexError;
use crate::window_reader::WindowReader;

const ODD: IndexError = IndexError::Unsupported("a chunk of it is not one picture");
const BADLY_PACKED: IndexError = IndexError::Unsupported("its pictures are packed in no usual way");

/// What comes before a picture that decoding can begin with is rarely longer.
const HEAD_BYTES: u64 = 512;
const USUAL_HEAD_BYTES: u64 = 16;
/// Decoders take what is this short for an empty picture.
const MOST_EMPTY_BYTES: u32 = 19;
/// A picture that is packed begins so far before the end of its chunk at least.
const LEAST_PACKED_BYTES: u64 = 8;

/// `vop_coding_type`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaneKind {
    Intra,
    Predicted,
    Bidirectional,
}

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ObjectPlane {
    pub(super) at: u64,
    pub(super) bytes: u32,
    /// When it is decoded, ticks.
    pub(super) slot: i64,
    pub(super) kind: PlaneKind,
}

/// Takes chunk after chunk.
#[derive(Debug)]
pub(super) struct PlaneReader {
    /// Pictures may be packed.
    is_packed: bool,
    /// Those with a number for the time are as long.
    time_bits: u8,
    /// Packed behind the picture before, without a time of its own yet.
    packed: Option<ObjectPlane>,
    /// Whether the last chunk gave a picture.
    pub(super) gave_picture: bool,
    pub(super) planes: Vec<ObjectPlane>,
}

impl PlaneReader {
    pub(super) fn new(is_packed: bool, time_bits: u8) -> Self {
        Self {
            is_packed,
            time_bits,
            packed: None,
            gave_picture: true,
            planes: Vec::new(),
        }
    }

    pub(super) fn take(
        &mut self,
        reader: &mut WindowReader<'_>,
        chunk: &VideoChunk,
    ) -> Result<(), IndexError> {
        let head = head(reader, chunk)?;
        let plane = PlaneHeader::find(&head, self.time_bits).ok_or(ODD)?;
        self.gave_picture = true;
        if let Some(packed) = self.packed.take() {
            // Now is when it is decoded.
            let slot = chunk.slot;
            self.planes.push(ObjectPlane { slot, ..packed });
            let is_empty = plane.kind == PlaneKind::Predicted && chunk.bytes <= MOST_EMPTY_BYTES;
            if is_empty || u64::from(chunk.bytes) < LEAST_PACKED_BYTES {
                return Ok(());
            }
            let waits = ObjectPlane::of(chunk, plane.kind);
            if plane.kind != PlaneKind::Bidirectional || self.split(reader, chunk, plane)?.is_some()
            {
                return Err(BADLY_PACKED);
            }
            self.packed = Some(waits);
            return Ok(());
        }
        match plane.is_coded {
            None => return Err(ODD),
            Some(false) => {
                self.gave_picture = false;
                return Ok(());
            }
            Some(true) => {}
        }
        let mut first = ObjectPlane::of(chunk, plane.kind);
        if let Some((split, kind)) = self.split(reader, chunk, plane)? {
            let bytes = u32::try_from(split).map_err(|_| ODD)?;
            if kind != PlaneKind::Bidirectional || plane.kind == PlaneKind::Bidirectional {
                return Err(BADLY_PACKED);
            }
            self.packed = Some(ObjectPlane {
                at: chunk.at + split,
                bytes: chunk.bytes - bytes,
                kind,
                ..first
            });
            first.bytes = bytes;
        }
        self.planes.push(first);
        Ok(())
    }

    /// That no picture waits for a chunk of its own. At the end of the video one may: it never comes
    /// out of a decoder.
    pub(super) fn check_end(&self) -> Result<(), IndexError> {
        self.packed.is_none().then_some(()).ok_or(BADLY_PACKED)
    }

    /// Where in a chunk a second picture begins, and what it is.
    fn split(
        &self,
        reader: &mut WindowReader<'_>,
        chunk: &VideoChunk,
        first: PlaneHeader,
    ) -> Result<Option<(u64, PlaneKind)>, IndexError> {
        if !self.is_packed {
            return Ok(None);
        }
        let bytes = reader.read(chunk.at, chunk.bytes.into())?;
        let behind = first.at + CODE_BYTES;
        let Some(rest) = bytes.get(behind..) else {
            return Ok(None);
        };
        let Some(second) = PlaneHeader::find(rest, self.time_bits) else {
            return Ok(None);
        };
        let split = (behind + second.at) as u64;
        let is_whole = u64::from(chunk.bytes) - split >= LEAST_PACKED_BYTES;
        let has_third = PlaneHeader::find(&rest[second.at + CODE_BYTES..], self.time_bits);
        if !is_whole || has_third.is_some() || second.is_coded != Some(true) {
            return Err(BADLY_PACKED);
        }
        Ok(Some((split, second.kind)))
    }
}

impl ObjectPlane {
    fn of(chunk: &VideoChunk, kind: PlaneKind) -> Self {
        Self {
            at: chunk.at,
            bytes: chunk.bytes,
            slot: chunk.slot,
            kind,
        }
    }
}

const CODE_BYTES: usize = 4;

/// What the first `vop_start_code` in some bytes begins.
#[derive(Debug, Clone, Copy)]
struct PlaneHeader {
    at: usize,
    kind: PlaneKind,
    /// None where that cannot be told.
    is_coded: Option<bool>,
}

impl PlaneHeader {
    fn find(bytes: &[u8], time_bits: u8) -> Option<Self> {
        let at = bytes.windows(4).position(|code| code == [0, 0, 1, 0xb6])?;
        let body = bytes.get(at + CODE_BYTES..)?;
        let kind = match body.first()? >> 6 {
            0 => PlaneKind::Intra,
            2 => PlaneKind::Bidirectional,
            _ => PlaneKind::Predicted,
        };
        Some(Self {
            at,
            kind,
            is_coded: is_coded(body, time_bits),
        })
    }
}

/// `vop_coded`, behind the seconds, a marker, the time within the second and a marker.
fn is_coded(body: &[u8], time_bits: u8) -> Option<bool> {
    let bit = |at: usize| {
        let byte = body.get(at / 8)?;
        Some(byte >> (7 - at % 8) & 1 == 1)
    };
    let mut at = 2;
    while bit(at)? {
        at += 1;
    }
    let marker = at + 1 + 1 + usize::from(time_bits);
    bit(marker)?.then(|| bit(marker + 1))?
}

/// The beginning of a chunk, as far as its picture's header.
pub(super) fn head(
    reader: &mut WindowReader<'_>,
    chunk: &VideoChunk,
) -> Result<Vec<u8>, IndexError> {
    let bytes = u64::from(chunk.bytes);
    let usual = reader.peek(chunk.at, bytes.min(USUAL_HEAD_BYTES))?;
    if usual.starts_with(&[0, 0, 1, 0xb6]) {
        return Ok(usual.to_vec());
    }
    Ok(reader.peek(chunk.at, bytes.min(HEAD_BYTES))?.to_vec())
}
