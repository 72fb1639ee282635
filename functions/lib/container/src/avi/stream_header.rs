//! The lists of stream headers: what each stream is, and on which clock it runs.

use super::riff::{DAMAGED, chunks};
use crate::IndexError;
use crate::fraction::ratio;
use crate::little_endian::{number, short};
use plan::TimeBase;

const LATE: IndexError = IndexError::Unsupported("its video does not begin at once");
/// DV with its sound in it, or what nobody knows.
const ODD_STREAM: IndexError = IndexError::Unsupported("a stream of it is of an unusual kind");

/// What `strh` says that a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamKind {
    Video,
    Sound,
    Other,
}

/// One `strl`.
#[derive(Debug, Clone)]
pub(super) struct StreamHeader {
    pub(super) kind: StreamKind,
    /// `fccHandler`
    pub(super) handler: [u8; 4],
    /// Of its chunks, or of so many bytes.
    pub(super) time_base: TimeBase,
    /// In these units.
    pub(super) start: u32,
    /// Bytes in a unit; 0 where a chunk is one.
    pub(super) unit_bytes: u32,
    /// `strf`
    pub(super) format: Vec<u8>,
    /// `strd`
    pub(super) extra: Vec<u8>,
    /// `indx`
    pub(super) table: Option<Vec<u8>>,
    /// Shape of a pixel, as `vprp` says.
    pub(super) pixel: Option<(u32, u32)>,
}

/// Of all streams, in their order.
pub(super) fn stream_headers(list: &[u8], most: usize) -> Result<Vec<StreamHeader>, IndexError> {
    let mut streams = Vec::new();
    for (kind, body) in chunks(list) {
        if &kind == b"LIST" && body.starts_with(b"strl") {
            if streams.len() >= most.min(100) {
                return Err(IndexError::Unsupported("it has too many streams"));
            }
            streams.push(StreamHeader::parse(&body[4..])?);
        }
    }
    Ok(streams)
}

impl StreamHeader {
    fn parse(list: &[u8]) -> Result<Self, IndexError> {
        let mut known: Option<Self> = None;
        for (kind, body) in chunks(list) {
            match (&kind, &mut known) {
                (b"strh", None) => known = Some(Self::of_header(body)?),
                // Whose is it?
                (b"strh", Some(_)) => return Err(DAMAGED),
                (b"strf", Some(stream)) => stream.format = body.to_vec(),
                (b"strd", Some(stream)) => stream.extra = body.to_vec(),
                (b"indx", Some(stream)) => stream.table = Some(body.to_vec()),
                (b"vprp", Some(stream)) => stream.pixel = pixel_shape(body),
                _ => {}
            }
        }
        known.ok_or(DAMAGED)
    }

    fn of_header(body: &[u8]) -> Result<Self, IndexError> {
        let field = |at| number(body, at).ok_or(DAMAGED);
        let kind = match body.get(..4) {
            Some(b"vids") => StreamKind::Video,
            Some(b"auds") => StreamKind::Sound,
            Some(b"txts" | b"dats") => StreamKind::Other,
            _ => return Err(ODD_STREAM),
        };
        let (scale, rate, start) = (field(20)?, field(24)?, field(28)?);
        if kind == StreamKind::Video && start != 0 {
            return Err(LATE);
        }
        let clock = ratio(scale.into(), rate.into());
        let clock = clock.filter(|_| scale > 0 && rate > 0);
        let time_base = clock.and_then(|(scale, rate)| TimeBase::new(scale, rate));
        Ok(Self {
            kind,
            handler: *body[4..].first_chunk().ok_or(DAMAGED)?,
            time_base: time_base.ok_or(IndexError::Unsupported("a stream of it has no clock"))?,
            start,
            unit_bytes: field(44)?,
            format: Vec::new(),
            extra: Vec::new(),
            table: None,
            pixel: None,
        })
    }
}

/// `vprp`: OpenDML AVI File Format Extensions 1.02, 5. The shape of the frame, made that of a pixel.
fn pixel_shape(body: &[u8]) -> Option<(u32, u32)> {
    if body.len() <= 36 {
        return None;
    }
    let (down, across) = (short(body, 20)?, short(body, 22)?);
    let (width, height) = (number(body, 24)?, number(body, 28)?);
    let product = |one: u16, other: u32| u64::from(one) * u64::from(other);
    let is_said = down > 0 && across > 0 && width > 0 && height > 0;
    is_said.then(|| ratio(product(across, height), product(down, width)))?
}
