//! The streams of a file, by the pages that each begins with.

use super::page::Page;
use super::theora::{self, TheoraHeaders};
use crate::error::{NO_VIDEO, NOT_ONE};
use crate::{IndexError, SoundTrack};
use plan::TimeBase;

const ODD_STREAM: IndexError = IndexError::Unsupported("it has streams that are not as usual");
const CHAINED: IndexError = IndexError::Unsupported("it has several links");

/// What a stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StreamKind {
    Video,
    /// Granule positions count its samples.
    Sound(SampleCount),
    /// It tells of the others.
    Skeleton,
}

/// How granule positions of a sound tell its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SampleCount {
    per_second: u32,
    /// Not heard.
    pub(super) before: u32,
}

impl SampleCount {
    /// When a sound ends, by its last granule position.
    pub(super) fn end(self, granule: u64) -> Option<SoundTrack> {
        let granule = i64::try_from(granule).ok()?;
        Some(SoundTrack {
            end_pts: granule.checked_sub(self.before.into())?,
            time_base: TimeBase {
                num: 1,
                den: self.per_second,
            },
        })
    }
}

/// All of them, in the order in which ffmpeg counts them, with the headers of the video.
#[derive(Debug, Clone, Default)]
pub(super) struct OggStreams {
    all: Vec<(u32, StreamKind)>,
    pub(super) theora: TheoraHeaders,
    /// Frames or sounds have come: no stream may begin.
    has_data: bool,
    pub(super) has_frames: bool,
    has_skeleton: bool,
}

impl OggStreams {
    /// The kind of the stream of a page, which may begin it.
    ///
    /// # Errors
    /// There are more than `most`, or several videos, or one of another kind.
    pub(super) fn take(&mut self, page: &Page<'_>, most: usize) -> Result<StreamKind, IndexError> {
        let known = self.all.iter().find(|(serial, _)| *serial == page.serial);
        match known {
            Some(_) if page.begins => Err(ODD_STREAM),
            Some((_, kind)) => Ok(kind.clone()),
            None if !page.begins || self.has_data => Err(CHAINED),
            None => {
                let kind = kind(page)?;
                let is_second = kind == StreamKind::Video && self.video().is_ok();
                if is_second || self.all.len() >= most {
                    return Err(NOT_ONE);
                }
                self.has_skeleton |= kind == StreamKind::Skeleton;
                self.all.push((page.serial, kind.clone()));
                Ok(kind)
            }
        }
    }

    /// A page of a sound comes with this granule position: those of its headers are 0.
    ///
    /// # Errors
    /// The headers of the video have not all come.
    pub(super) fn take_sound(&mut self, granule: u64) -> Result<(), IndexError> {
        self.has_data |= granule > 0;
        let is_early = self.has_data && !self.theora.are_whole();
        (!is_early).then_some(()).ok_or(ODD_STREAM)
    }

    /// The first frames come.
    pub(super) fn begin_frames(&mut self) -> Result<(), IndexError> {
        self.check_skeleton()?;
        (self.has_data, self.has_frames) = (true, true);
        Ok(())
    }

    /// The number of the video among them, and its serial number.
    pub(super) fn video(&self) -> Result<(usize, u32), IndexError> {
        let mut all = self.all.iter().enumerate();
        let found = all.find(|(_, (_, kind))| *kind == StreamKind::Video);
        found
            .map(|(nth, (serial, _))| (nth, *serial))
            .ok_or(NO_VIDEO)
    }

    pub(super) fn is_known(&self, serial: u32) -> bool {
        self.all.iter().any(|(known, _)| *known == serial)
    }

    /// How many sounds there are.
    pub(super) fn sounds(&self) -> usize {
        let is_sound = |kind: &StreamKind| matches!(kind, StreamKind::Sound(_));
        self.all.iter().filter(|(_, kind)| is_sound(kind)).count()
    }

    /// That what ffmpeg takes from Skeleton moves no frame.
    fn check_skeleton(&self) -> Result<(), IndexError> {
        let is_usual = !self.has_skeleton || self.theora.counts_from_one()?;
        is_usual.then_some(()).ok_or(ODD_STREAM)
    }
}

/// By the packet that the first page holds.
fn kind(page: &Page<'_>) -> Result<StreamKind, IndexError> {
    let packet = page.body;
    if page.segments.len() != page.packet_ends() || page.packet_ends() != 1 {
        // A header of 255 bytes or more is none of these.
        return Err(ODD_STREAM);
    }
    let number = |at: usize| {
        let bytes = packet.get(at..).and_then(<[u8]>::first_chunk);
        bytes
            .map(|&bytes| u32::from_le_bytes(bytes))
            .ok_or(ODD_STREAM)
    };
    if theora::begins(packet) {
        return Ok(StreamKind::Video);
    }
    if packet.starts_with(b"\x01vorbis") {
        let per_second = number(12)?;
        return sound(per_second, 0);
    }
    if packet.starts_with(b"OpusHead") {
        let before = number(8)? >> 16;
        return sound(48_000, before);
    }
    if packet.starts_with(b"fishead\0") {
        // When the presentation begins.
        let is_zero = packet.get(12..20) == Some(&[0; 8]);
        return is_zero.then_some(StreamKind::Skeleton).ok_or(ODD_STREAM);
    }
    Err(NOT_ONE)
}

fn sound(per_second: u32, before: u32) -> Result<StreamKind, IndexError> {
    let is_usual = (1..=1 << 24).contains(&per_second);
    let count = SampleCount { per_second, before };
    is_usual
        .then_some(StreamKind::Sound(count))
        .ok_or(ODD_STREAM)
}

/// That Skeleton has all streams begin with their first frames, as far as a page of it tells.
pub(super) fn check_bones(body: &[u8]) -> Result<(), IndexError> {
    const NAME: &[u8] = b"fisbone\0";
    const START_AT: usize = 36;
    let mut bones = (0..body.len()).filter(|&at| body[at..].starts_with(NAME));
    let moves = bones.any(|at| body.get(at + START_AT..at + START_AT + 8) != Some(&[0; 8]));
    (!moves).then_some(()).ok_or(ODD_STREAM)
}
