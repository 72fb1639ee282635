//! Movie fragments `moof`: ISO/IEC 14496-12, 8.8.

mod encryption;
mod track;
mod trun;

use super::box_reader::BoxHeader;
use super::boxes::boxes;
use super::descriptions::SampleDescriptions;
use super::edit;
use super::movie::MovieHeader;
use super::samples::TrackSamples;
use super::tables;
use crate::{IndexError, IndexLimits};
use encryption::EncryptedRuns;
use plan::{CodedSample, EditList, SampleLimit};
use track::{DAMAGED, SampleDefaults, TrackFragments, TrackRun};
use trun::{RunBox, RunRow};

/// Fragments as they are read one after the other.
#[derive(Debug)]
pub(super) struct FragmentReader<'a> {
    tracks: Vec<TrackFragments>,
    /// Of the video.
    descriptions: SampleDescriptions<'a>,
    video: usize,
    file_bytes: u64,
    most_samples: SampleLimit,
    /// Samples of all tracks that may yet be read.
    budget: usize,
    /// There was a `sidx`.
    pub(super) has_directory: bool,
    /// The header itself lists samples of the video.
    follows_table: bool,
    /// How far back the first fragment shows a sample before it is decoded, ticks.
    early: Option<i64>,
    /// Of the video.
    edits: Option<EditList>,
}

impl<'a> FragmentReader<'a> {
    pub(super) fn new(
        movie: &MovieHeader<'a>,
        extends: &[u8],
        video: usize,
        file_bytes: u64,
        limits: IndexLimits,
    ) -> Result<Self, IndexError> {
        Ok(Self {
            tracks: track::all(movie, extends, video)?,
            descriptions: SampleDescriptions::of(movie.tracks[video].stbl)?,
            video,
            file_bytes,
            most_samples: limits.samples,
            budget: limits.samples.count.saturating_mul(4),
            has_directory: false,
            follows_table: tables::has_times(movie.tracks[video].stbl)?,
            early: None,
            edits: movie.clock(&movie.tracks[video])?.1,
        })
    }

    /// Reads the body of a `moof`.
    pub(super) fn read(
        &mut self,
        moof: &[u8],
        place: BoxHeader,
        samples: &mut TrackSamples,
    ) -> Result<(), IndexError> {
        let mut data_end = place.at;
        let before = samples.stored.len();
        let mut seen = Vec::new();
        for traf in boxes(moof).filter(|boxed| &boxed.kind == b"traf") {
            let mut run = self.begin(traf.body, place.at, data_end)?;
            if seen.contains(&run.track) {
                return Err(IndexError::Unsupported("a fragment has a track twice"));
            }
            seen.push(run.track);
            let truns = boxes(traf.body).filter(|boxed| &boxed.kind == b"trun");
            for (number, trun) in truns.enumerate() {
                let trun = RunBox::of(trun.body, run.defaults)?;
                if number > 0 && trun.offset.is_none() {
                    return Err(IndexError::Unsupported("a run of samples has no place"));
                }
                data_end = self.take(trun, &mut run, samples)?;
            }
            self.tracks[run.track].end = run.dts;
        }
        self.check_early(before, samples)
    }

    /// Hands out the ends of the sounds and puts the video on the clock of the presentation.
    pub(super) fn finish(
        self,
        samples: &mut TrackSamples,
        ends: &mut [Option<i64>],
    ) -> Result<(), IndexError> {
        for (track, end) in self.tracks.iter().zip(ends) {
            *end = (*end).max(track.heard_until);
        }
        let Some(early) = self.early else {
            return Ok(());
        };
        if let Some(edits) = self.edits.filter(|_| !self.follows_table) {
            edit::hide_before(&edits, samples)?;
        }
        let is_edited = early != 0
            || self.tracks[self.video].offset != 0
            || samples.stored.iter().any(|sample| !sample.shown);
        if self.follows_table && is_edited {
            return Err(IndexError::Unsupported("fragments follow an edited table"));
        }
        samples.move_by(early)
    }

    fn begin<'t>(
        &self,
        traf: &'t [u8],
        moof_at: u64,
        data_end: u64,
    ) -> Result<TrackRun<'t>, IndexError> {
        let (flags, id, mut fields) = track::named(traf)?;
        let number = self.tracks.iter().position(|track| track.id == id);
        let number = number.ok_or(IndexError::Unsupported("a fragment is of no track"))?;
        let base = match flags {
            flags if flags & 1 != 0 => fields.u64()?,
            flags if flags & 0x2_0000 != 0 => moof_at,
            _ => data_end,
        };
        let defaults = self.tracks[number].defaults(flags, &mut fields)?;
        let groups = if number == self.video && self.descriptions.have_encryption() {
            EncryptedRuns::of(traf)?
        } else {
            EncryptedRuns::default()
        };
        let dts = match track::decode_time(traf)? {
            Some(time) => time,
            None if self.has_directory => {
                return Err(IndexError::Unsupported("a fragment has no time"));
            }
            None => self.tracks[number].end,
        };
        Ok(TrackRun {
            track: number,
            defaults,
            base,
            dts,
            groups,
        })
    }

    /// Takes the samples of a `trun`; gives where their data end.
    fn take(
        &mut self,
        trun: RunBox<'_>,
        run: &mut TrackRun<'_>,
        samples: &mut TrackSamples,
    ) -> Result<u64, IndexError> {
        let left = self.budget.checked_sub(trun.samples());
        self.budget = left.ok_or(IndexError::Unsupported("it has too many samples"))?;
        let from_base = i64::from(trun.offset.unwrap_or(0));
        let mut offset = run.base.checked_add_signed(from_base).ok_or(DAMAGED)?;
        for row in trun {
            let row = row?;
            let track = &mut self.tracks[run.track];
            let dts = run.dts.checked_sub(track.offset).ok_or(DAMAGED)?;
            if track.is_sound {
                let end = dts.saturating_add(row.shift + i64::from(row.duration));
                track.heard_until = track.heard_until.max(Some(end));
            }
            if run.track == self.video {
                let description = run.defaults.description;
                let encrypted = run.groups.step(&self.descriptions, description)?;
                samples.describe(description, encrypted)?;
                self.push(row, encrypted, offset, dts, samples)?;
            }
            let end = run.dts.checked_add(i64::from(row.duration));
            run.dts = end.ok_or(DAMAGED)?;
            offset = offset.checked_add(u64::from(row.size)).ok_or(DAMAGED)?;
        }
        Ok(offset)
    }

    fn push(
        &self,
        row: RunRow,
        encrypted: bool,
        offset: u64,
        dts: i64,
        samples: &mut TrackSamples,
    ) -> Result<(), IndexError> {
        let end = offset.checked_add(u64::from(row.size));
        if row.size == 0 || end.is_none_or(|end| end > self.file_bytes) {
            return Err(IndexError::Unsupported(
                "a sample is empty or not in the file",
            ));
        }
        if samples.dts.last().is_some_and(|&last| last >= dts) {
            return Err(IndexError::Unsupported("fragments overlap"));
        }
        let sample = CodedSample {
            offset,
            size: row.size,
            pts: dts.checked_add(row.shift).ok_or(DAMAGED)?,
            sync: row.sync,
            shown: true,
            encrypted,
        };
        samples.push(sample, dts, row.duration, self.most_samples)
    }

    /// Where samples are shown before they are decoded, ffmpeg moves all times by the farthest
    /// that it has seen when it gives out the first: that of the first fragment. A farther one
    /// later would move times in between.
    fn check_early(&mut self, before: usize, samples: &TrackSamples) -> Result<(), IndexError> {
        let new = samples.stored[before..].iter().zip(&samples.dts[before..]);
        let early = new
            .map(|(sample, dts)| dts.saturating_sub(sample.pts))
            .max();
        match (early, self.early) {
            (Some(early), None) => self.early = Some(early.max(0)),
            (Some(early), Some(known)) if early > known => {
                return Err(IndexError::Unsupported(
                    "samples are shown earlier and earlier",
                ));
            }
            _ => {}
        }
        Ok(())
    }
}

/// When the first sample of a track in a `moof` is shown, on the clock of the media; none where it
/// has no sample of it.
pub(super) fn first_pts(moof: &[u8], id: u32) -> Result<Option<i64>, IndexError> {
    for traf in boxes(moof).filter(|boxed| &boxed.kind == b"traf") {
        if track::named(traf.body)?.1 != id {
            continue;
        }
        let dts = track::decode_time(traf.body)?.unwrap_or(0);
        for trun in boxes(traf.body).filter(|boxed| &boxed.kind == b"trun") {
            if let Some(row) = RunBox::of(trun.body, SampleDefaults::default())?.next() {
                return dts.checked_add(row?.shift).map(Some).ok_or(DAMAGED);
            }
        }
    }
    Ok(None)
}
