//! What the file says of each stream.

use super::fields::{self, COMMANDS, DAMAGED, SOUND, VIDEO};
use crate::IndexError;
use crate::little_endian::{number, short};

const ENCRYPTED: IndexError = IndexError::Unsupported("it is encrypted");

/// The part that all kinds of streams have.
const STREAM_BYTES: usize = 78;
const EXTENDED_BYTES: usize = 88;

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamKind {
    Video,
    Sound,
    Commands,
}

/// A stream's own properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StreamHeader {
    /// By which its payloads are known, 1 to 127.
    pub(super) id: u8,
    pub(super) kind: StreamKind,
    /// `BITMAPINFOHEADER` and what comes behind it, or `WAVEFORMATEX`.
    pub(super) format: Vec<u8>,
}

impl StreamHeader {
    /// None where it is of a kind that is not known.
    pub(super) fn parse(object: &[u8]) -> Result<Option<Self>, IndexError> {
        const IS_ENCRYPTED: u16 = 0x8000;
        /// Sides of the picture, a flag, how long the rest is.
        const VIDEO_BYTES: usize = 11;
        let kind = match fields::name(object, 24).ok_or(DAMAGED)? {
            VIDEO => StreamKind::Video,
            SOUND => StreamKind::Sound,
            COMMANDS => StreamKind::Commands,
            _ => return Ok(None),
        };
        let flags = short(object, 72).ok_or(DAMAGED)?;
        if flags & IS_ENCRYPTED != 0 {
            return Err(ENCRYPTED);
        }
        let length = number(object, 64).and_then(|bytes| usize::try_from(bytes).ok());
        let own = object.get(STREAM_BYTES..).zip(length);
        let own = own
            .and_then(|(own, length)| own.get(..length))
            .ok_or(DAMAGED)?;
        let format = match kind {
            StreamKind::Video => {
                let all = own.get(VIDEO_BYTES..).unwrap_or_default();
                // As long as it says itself, upright.
                let length = number(all, 0).filter(|&length| length >= 40);
                let format = length.and_then(|length| all.get(..usize::try_from(length).ok()?));
                let is_upright = |format: &&[u8]| format[11] & 0x80 == 0;
                format.filter(is_upright).ok_or(DAMAGED)?
            }
            _ => own,
        };
        let [low, _] = flags.to_le_bytes();
        let id = Some(low & 0x7f).filter(|&id| id > 0);
        Ok(Some(Self {
            id: id.ok_or(DAMAGED)?,
            kind,
            format: format.to_vec(),
        }))
    }
}

/// What is said of each object of a stream behind its length and its time: which kinds of it, and how
/// long each is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PayloadExtensions(Vec<(u8, u16)>);

/// The first byte of its name tells what a thing is, as far as it is read here.
const PIXEL_ASPECT: u8 = 0x54;
const OTHER_TIMES: u8 = 0x2a;
/// As long as it says itself, in two bytes.
const ANY_BYTES: u16 = u16::MAX;

impl PayloadExtensions {
    /// Of which stream they are, and what else the object holds. None where it is damaged.
    pub(super) fn parse(object: &[u8]) -> Option<(u8, Self, &[u8])> {
        let stream = short(object, 72)?;
        let (names, systems) = (short(object, 84)?, short(object, 86)?);
        let mut at = EXTENDED_BYTES;
        for _ in 0..names {
            at += 4 + usize::from(short(object, at + 2)?);
        }
        let mut found = Vec::new();
        for _ in 0..systems {
            let name = fields::name(object, at)?;
            found.push((name[0], short(object, at + 16)?));
            at = at.checked_add(22 + usize::try_from(number(object, at + 18)?).ok()?)?;
        }
        let stream = u8::try_from(stream).ok()?;
        Some((stream, Self(found), object.get(at..)?))
    }

    /// Whether ffmpeg reads them as they are read here: it takes eight, and in place of some
    /// recordings' times those that stand here.
    pub(super) fn are_usual(&self) -> bool {
        self.0.len() <= 8 && self.0.iter().all(|&(kind, _)| kind != OTHER_TIMES)
    }

    /// The shape of a pixel in what is said of an object, width to height; zeros where there is nothing
    /// of it.
    pub(super) fn pixel_aspect(&self, said: &[u8]) -> (u8, u8) {
        let mut rest = said;
        let mut aspect = (0, 0);
        for &(kind, bytes) in &self.0 {
            let Some((own, behind)) = split(rest, bytes) else {
                break;
            };
            if let (PIXEL_ASPECT, &[across, down]) = (kind, own)
                && across.min(down) > 0
            {
                aspect = (across, down);
            }
            rest = behind;
        }
        aspect
    }
}

/// The first thing, which is so long, and the rest.
fn split(said: &[u8], bytes: u16) -> Option<(&[u8], &[u8])> {
    match bytes {
        ANY_BYTES => {
            let bytes = short(said, 0)?;
            said[2..].split_at_checked(bytes.into())
        }
        bytes => said.split_at_checked(bytes.into()),
    }
}
