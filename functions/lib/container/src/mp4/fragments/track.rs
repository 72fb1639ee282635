//! What is known of a track between its fragments.

use super::encryption::EncryptedRuns;
use crate::IndexError;
use crate::mp4::boxes::{boxes, optional, required};
use crate::mp4::edit::SimpleEdit;
use crate::mp4::fields::{FieldReader, pair};
use crate::mp4::movie::{MovieHeader, TrackBox};
use crate::mp4::tables;

pub(super) const DAMAGED: IndexError = IndexError::Unsupported("a fragment's header is damaged");

/// One track of the file, needed or not: its data may come before that of others.
#[derive(Debug)]
pub(super) struct TrackFragments {
    pub(super) id: u32,
    pub(super) defaults: Option<SampleDefaults>,
    /// From the clock of the presentation to that of the media, ticks.
    pub(super) offset: i64,
    /// Where the last fragment ended on the clock of the media, ticks.
    pub(super) end: i64,
    pub(super) is_sound: bool,
    /// Where the sound ends on the clock of the presentation, ticks.
    pub(super) heard_until: Option<i64>,
}

/// Of a sample that says nothing of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SampleDefaults {
    pub(super) description: u32,
    /// Ticks.
    pub(super) duration: u32,
    /// Bytes.
    pub(super) size: u32,
    pub(super) flags: u32,
}

/// All tracks, with the defaults that `mvex` gives them.
pub(super) fn all(
    movie: &MovieHeader<'_>,
    extends: &[u8],
    video: usize,
) -> Result<Vec<TrackFragments>, IndexError> {
    let mut tracks = Vec::new();
    for (number, track) in movie.tracks.iter().enumerate() {
        tracks.push(TrackFragments::of(movie, track, number == video)?);
    }
    for trex in boxes(extends).filter(|boxed| &boxed.kind == b"trex") {
        let mut fields = FieldReader::of(trex.body);
        fields.version_and_flags()?;
        let id = fields.u32()?;
        let defaults = SampleDefaults {
            description: fields.u32()?,
            duration: fields.u32()?,
            size: fields.u32()?,
            flags: fields.u32()?,
        };
        let named = tracks.iter_mut().find(|track| track.id == id);
        if let Some(track) = named.filter(|track| track.defaults.is_none()) {
            track.defaults = Some(defaults);
        }
    }
    Ok(tracks)
}

impl TrackFragments {
    fn of(
        movie: &MovieHeader<'_>,
        track: &TrackBox<'_>,
        is_video: bool,
    ) -> Result<Self, IndexError> {
        let is_sound = &track.handler == b"soun";
        let edit = if is_video || is_sound {
            movie.simple_edit(track)?
        } else {
            None
        };
        Ok(Self {
            id: track.id,
            defaults: None,
            offset: edit.map_or(Ok(0), SimpleEdit::offset)?,
            end: end_of_table(track)?,
            is_sound,
            heard_until: None,
        })
    }

    /// The defaults for a fragment; those of `tfhd` go first. What is left of `tfhd` is the
    /// fields after the base offset.
    pub(super) fn defaults(
        &self,
        flags: u32,
        fields: &mut FieldReader<'_>,
    ) -> Result<SampleDefaults, IndexError> {
        let usual = self.defaults.ok_or(super::DAMAGED)?;
        let mut field = |flag: u32, usual: u32| {
            if flags & flag == 0 {
                Ok(usual)
            } else {
                fields.u32()
            }
        };
        Ok(SampleDefaults {
            description: field(2, usual.description)?,
            duration: field(8, usual.duration)?,
            size: field(0x10, usual.size)?,
            flags: field(0x20, usual.flags)?,
        })
    }
}

/// Where fragments go on that say nothing of their time: what the header lists lasts so long.
fn end_of_table(track: &TrackBox<'_>) -> Result<i64, IndexError> {
    if !tables::has_times(track.stbl)? {
        return Ok(0);
    }
    let (_, runs) = tables::durations(track.stbl)?;
    let ticks = runs.iter().map(|&run| {
        let (count, duration) = pair(run);
        i64::from(count).saturating_mul(i64::from(duration))
    });
    Ok(ticks.fold(0, i64::saturating_add))
}

/// What a `traf` begins with.
#[derive(Debug)]
pub(super) struct TrackRun<'a> {
    pub(super) track: usize,
    pub(super) defaults: SampleDefaults,
    /// What offsets count from, bytes.
    pub(super) base: u64,
    /// Decoding time of the next sample on the clock of the media, ticks.
    pub(super) dts: i64,
    pub(super) groups: EncryptedRuns<'a>,
}

/// The decoding time that `tfdt` gives.
pub(super) fn decode_time(traf: &[u8]) -> Result<Option<i64>, IndexError> {
    let Some(tfdt) = optional(traf, b"tfdt")? else {
        return Ok(None);
    };
    let mut fields = FieldReader::of(tfdt);
    let (version, _) = fields.version_and_flags()?;
    let time = i64::try_from(fields.wide(version)?);
    let time = time.map_err(|_| IndexError::Unsupported("its times are out of range"));
    time.map(Some)
}

/// The flags of `tfhd`, the track it names, and its further fields.
pub(super) fn named(traf: &[u8]) -> Result<(u32, u32, FieldReader<'_>), IndexError> {
    let mut fields = FieldReader::of(required(traf, b"tfhd")?);
    let (_, flags) = fields.version_and_flags()?;
    Ok((flags, fields.u32()?, fields))
}
