//! Movie fragments `moof`: ISO/IEC 14496-12, 8.8.

use super::boxes::{boxes, only, the};
use super::edit::Edit;
use super::fields::Fields;
use super::movie::{Movie, Trak};
use super::samples::Samples;
use super::tables;
use super::walk::Place;
use crate::container::{IndexLimits, NoIndex};
use plan::Sample;

/// Fragments as they are read one after the other.
#[derive(Debug)]
pub(super) struct Fragments {
    tracks: Vec<Pieces>,
    video: usize,
    file_bytes: u64,
    most_samples: usize,
    /// Entries of all tracks that may yet be read.
    budget: usize,
    /// There was a `sidx`.
    pub(super) has_directory: bool,
    /// The header itself lists samples of the video.
    follows_table: bool,
    /// How far back the first fragment shows a sample before it is decoded, ticks.
    early: Option<i64>,
    any: bool,
}

/// What is known of a track so far.
#[derive(Debug)]
struct Pieces {
    id: u32,
    defaults: Option<Defaults>,
    /// From the clock of the presentation to that of the media, ticks.
    offset: i64,
    /// Where the last fragment ended on the clock of the media, ticks.
    end: i64,
    is_sound: bool,
    /// Where the sound ends on the clock of the presentation, ticks.
    heard_until: Option<i64>,
}

/// Of a sample that says nothing of its own.
#[derive(Debug, Clone, Copy)]
struct Defaults {
    description: u32,
    duration: u32,
    size: u32,
    flags: u32,
}

/// A track's part of a fragment.
struct Run {
    track: usize,
    defaults: Defaults,
    /// What offsets count from, bytes.
    base: u64,
    dts: i64,
}

const NOT_SYNC: u32 = 0x0001_0000;
const DEPENDS: u32 = 0x0100_0000;
const DAMAGED: NoIndex = NoIndex::Odd("a fragment's header is damaged");

impl Fragments {
    pub(super) fn new(
        movie: &Movie<'_>,
        extends: &[u8],
        video: usize,
        file_bytes: u64,
        limits: IndexLimits,
    ) -> Result<Self, NoIndex> {
        let mut tracks = Vec::new();
        for track in &movie.tracks {
            tracks.push(Pieces::of(movie, track)?);
        }
        for trex in boxes(extends).filter(|boxed| &boxed.kind == b"trex") {
            let mut fields = Fields::of(trex.body);
            fields.version_and_flags()?;
            let id = fields.u32()?;
            let defaults = Defaults {
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
        Ok(Self {
            tracks,
            video,
            file_bytes,
            most_samples: limits.samples,
            budget: limits.samples.saturating_mul(4),
            has_directory: false,
            follows_table: tables::has_times(movie.tracks[video].stbl)?,
            early: None,
            any: false,
        })
    }

    /// Reads the body of a `moof`.
    pub(super) fn read(
        &mut self,
        moof: &[u8],
        place: Place,
        samples: &mut Samples,
    ) -> Result<(), NoIndex> {
        let mut data_end = place.at;
        let before = samples.stored.len();
        let mut seen = Vec::new();
        for traf in boxes(moof).filter(|boxed| &boxed.kind == b"traf") {
            let mut run = self.begin(traf.body, place.at, data_end)?;
            if seen.contains(&run.track) {
                return Err(NoIndex::Odd("a fragment has a track twice"));
            }
            seen.push(run.track);
            let mut first = true;
            for trun in boxes(traf.body).filter(|boxed| &boxed.kind == b"trun") {
                data_end = self.take(trun.body, &mut run, first, samples)?;
                first = false;
            }
            self.tracks[run.track].end = run.dts;
        }
        self.check_early(before, samples)
    }

    /// Hands out the ends of all tracks and puts the video on the clock of the presentation.
    pub(super) fn finish(
        self,
        samples: &mut Samples,
        ends: &mut [Option<i64>],
    ) -> Result<(), NoIndex> {
        for (track, end) in self.tracks.iter().zip(ends) {
            *end = (*end).max(track.heard_until);
        }
        let early = self.early.unwrap_or(0);
        if self.follows_table && self.any {
            let offset = self.tracks[self.video].offset;
            if early != 0 || offset != 0 || samples.stored.iter().any(|sample| !sample.shown) {
                return Err(NoIndex::Odd("fragments follow an edited table"));
            }
        }
        samples.move_by(early)
    }

    fn begin(&mut self, traf: &[u8], moof_at: u64, data_end: u64) -> Result<Run, NoIndex> {
        let mut fields = Fields::of(the(traf, b"tfhd")?);
        let (_, flags) = fields.version_and_flags()?;
        let id = fields.u32()?;
        let track = self.tracks.iter().position(|track| track.id == id);
        let track = track.ok_or(NoIndex::Odd("a fragment is of no track"))?;
        let usual = self.tracks[track].defaults.ok_or(DAMAGED)?;
        let base = match flags {
            flags if flags & 1 != 0 => fields.u64()?,
            flags if flags & 0x2_0000 != 0 => moof_at,
            _ => data_end,
        };
        let mut field = |flag: u32, usual: u32| {
            if flags & flag == 0 {
                Ok(usual)
            } else {
                fields.u32()
            }
        };
        let defaults = Defaults {
            description: field(2, usual.description)?,
            duration: field(8, usual.duration)?,
            size: field(0x10, usual.size)?,
            flags: field(0x20, usual.flags)?,
        };
        if track == self.video && (defaults.description != 1 || is_encrypted(traf)) {
            return Err(NoIndex::Odd(
                "it is encrypted or has several sample descriptions",
            ));
        }
        let dts = match only(traf, b"tfdt")? {
            Some(tfdt) => decode_time(tfdt)?,
            None if self.has_directory => return Err(NoIndex::Odd("a fragment has no time")),
            None => self.tracks[track].end,
        };
        Ok(Run {
            track,
            defaults,
            base,
            dts,
        })
    }

    /// Reads a `trun`; gives where its data end.
    fn take(
        &mut self,
        trun: &[u8],
        run: &mut Run,
        first: bool,
        samples: &mut Samples,
    ) -> Result<u64, NoIndex> {
        let mut fields = Fields::of(trun);
        let (_, flags) = fields.version_and_flags()?;
        let count = fields.u32()?;
        let has = |flag: u32| flags & flag != 0;
        let from_base = if has(1) { fields.i32()? } else { 0 };
        if !has(1) && !first {
            return Err(NoIndex::Odd("a run of samples has no place"));
        }
        let first_flags = if has(4) {
            fields.u32()?
        } else {
            run.defaults.flags
        };
        let mut offset = run
            .base
            .checked_add_signed(i64::from(from_base))
            .ok_or(DAMAGED)?;
        self.budget = usize::try_from(count)
            .ok()
            .and_then(|count| self.budget.checked_sub(count))
            .ok_or(NoIndex::Odd("it has too many samples"))?;
        for number in 0..count {
            let mut field = |flag: u32, usual: u32| {
                if has(flag) { fields.u32() } else { Ok(usual) }
            };
            let duration = field(0x100, run.defaults.duration)?;
            let size = field(0x200, run.defaults.size)?;
            let usual = if number == 0 {
                first_flags
            } else {
                run.defaults.flags
            };
            let flags = field(0x400, usual)?;
            let shift = i64::from(field(0x800, 0)?.cast_signed());
            let dts = run
                .dts
                .checked_sub(self.tracks[run.track].offset)
                .ok_or(DAMAGED)?;
            let pts = dts.checked_add(shift).ok_or(DAMAGED)?;
            if run.track == self.video {
                let sample = Sample {
                    offset,
                    size,
                    pts,
                    sync: flags & (NOT_SYNC | DEPENDS) == 0,
                    shown: true,
                };
                self.push(sample, dts, duration, samples)?;
            }
            let track = &mut self.tracks[run.track];
            if track.is_sound {
                let until = pts.saturating_add(i64::from(duration));
                track.heard_until = track.heard_until.max(Some(until));
            }
            run.dts = run.dts.checked_add(i64::from(duration)).ok_or(DAMAGED)?;
            offset = offset.checked_add(u64::from(size)).ok_or(DAMAGED)?;
        }
        Ok(offset)
    }

    fn push(
        &mut self,
        sample: Sample,
        dts: i64,
        duration: u32,
        samples: &mut Samples,
    ) -> Result<(), NoIndex> {
        let end = sample.offset.checked_add(u64::from(sample.size));
        if sample.size == 0 || end.is_none_or(|end| end > self.file_bytes) {
            return Err(NoIndex::Odd("a sample is empty or not in the file"));
        }
        if samples.dts.last().is_some_and(|&last| last >= dts) {
            return Err(NoIndex::Odd("fragments overlap"));
        }
        samples.has_offsets |= sample.pts != dts;
        self.any = true;
        samples.push(sample, dts, duration, self.most_samples)
    }

    /// Where samples are shown before they are decoded, all times are moved by the farthest of
    /// the first fragment. A farther one later would move times in between.
    fn check_early(&mut self, before: usize, samples: &Samples) -> Result<(), NoIndex> {
        let new = samples.stored[before..].iter().zip(&samples.dts[before..]);
        let Some(early) = new
            .map(|(sample, dts)| dts.saturating_sub(sample.pts))
            .max()
        else {
            return Ok(());
        };
        match self.early {
            None => self.early = Some(early.max(0)),
            Some(known) if early > known => {
                return Err(NoIndex::Odd("samples are shown earlier and earlier"));
            }
            Some(_) => {}
        }
        Ok(())
    }
}

impl Pieces {
    fn of(movie: &Movie<'_>, track: &Trak<'_>) -> Result<Self, NoIndex> {
        let is_needed = matches!(&track.handler, b"vide" | b"soun");
        let edit = if is_needed {
            movie.clock(track)?.1
        } else {
            None
        };
        let mut end = 0_i64;
        if tables::has_times(track.stbl)? {
            for &run in tables::durations(track.stbl)?.1 {
                let (count, duration) = super::fields::pair(run);
                let ticks = i64::from(count).saturating_mul(i64::from(duration));
                end = end.saturating_add(ticks);
            }
        }
        Ok(Self {
            id: track.id,
            defaults: None,
            offset: edit.map_or(Ok(0), Edit::offset)?,
            end,
            is_sound: &track.handler == b"soun",
            heard_until: None,
        })
    }
}

fn is_encrypted(traf: &[u8]) -> bool {
    boxes(traf).any(|boxed| matches!(&boxed.kind, b"senc" | b"saiz"))
}

fn decode_time(tfdt: &[u8]) -> Result<i64, NoIndex> {
    let mut fields = Fields::of(tfdt);
    let (version, _) = fields.version_and_flags()?;
    let time = i64::try_from(fields.wide(version)?);
    time.map_err(|_| NoIndex::Odd("its times are out of range"))
}
