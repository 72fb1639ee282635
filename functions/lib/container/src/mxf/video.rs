//! The video of an MXF: all that is needed to read parts of it.

use super::content_package::unpacked;
use super::essence::{EssenceParts, Wrapping};
use super::file_tracks::FileTracks;
use super::index_table::{EditUnit, EditUnits, UNTRUE};
use super::partitions::Partitions;
use super::picture_format::{HEAD_BYTES, PictureFormat};
use crate::error::UNORDERED;
use crate::marked_index::MarkedParts;
use crate::window_reader::WindowReader;
use crate::{Codec, IndexError, IndexLimits, SamplePackaging, SoundTrack, VideoTrack};
use plan::{CodedSample, TimeBase};
use source::RangeSource;
use std::ops::Range;

const REORDERED: IndexError =
    IndexError::Unsupported("its pictures are in an order that they are said not to be in");
const LONG_CLIP: IndexError = IndexError::Unsupported("its frames are wrapped in an unusual way");

/// What the header and the index tell.
#[derive(Debug, Clone)]
pub(crate) struct MxfVideo {
    pub(super) tracks: FileTracks,
    pub(super) essence: EssenceParts,
    pub(super) format: PictureFormat,
    pub(super) units: EditUnits,
    /// Edit units that decoding can begin with.
    marks: Vec<usize>,
}

impl MxfVideo {
    /// By the table of its edit units; where there is none, by `listed`.
    pub(super) fn read(
        source: &dyn RangeSource,
        limits: IndexLimits,
        listed: impl FnOnce(&FileTracks, &EssenceParts) -> Result<EditUnits, IndexError>,
    ) -> Result<Self, IndexError> {
        let partitions = Partitions::read(source, limits)?;
        let tracks = FileTracks::read(&partitions, limits)?;
        let picture = &tracks.picture;
        let wrapping = picture.descriptor.wrapping;
        let essence = EssenceParts::new(&partitions, picture.body, wrapping, picture.number)?;
        let segments = partitions.segments();
        let segments: Vec<_> = segments
            .filter(|it| it.is_of(picture.table, picture.body))
            .collect();
        let units = match EditUnits::new(&segments, essence.bytes(), picture.rate, limits)? {
            Some(units) => units,
            None => listed(&tracks, &essence)?,
        };
        let reader = &mut WindowReader::in_windows(source, limits.bytes, HEAD_BYTES as u64);
        let head = head(reader, &essence, &units, 0)?;
        let mut video = Self {
            format: PictureFormat::new(&picture.descriptor, &head)?,
            tracks,
            essence,
            units,
            marks: Vec::new(),
        };
        video.check_coding()?;
        video.marks = match video.format.codec {
            Codec::Intra(_) => (0..video.units.count()).collect(),
            _ => video.units.keys(),
        };
        video.check_marks()?;
        Ok(video)
    }

    /// That what the table says is what the codec can do.
    fn check_coding(&self) -> Result<(), IndexError> {
        let coding = self.tracks.picture.descriptor.coding;
        let is_intra = coding.is_intra();
        if is_intra && !self.units.is_in_order() {
            return Err(REORDERED);
        }
        let is_constant = matches!(self.units, EditUnits::Constant { .. });
        let is_clip = self.essence.wrapping == Wrapping::Clip;
        match self.format.codec {
            // Nothing tells which are keyframes, or where another one begins.
            Codec::Intra(_) => Ok(()),
            _ if is_constant && !is_intra || is_clip => Err(LONG_CLIP),
            _ => Ok(()),
        }
    }

    /// That decoding begins with the first, and marks are shown as they are decoded.
    fn check_marks(&self) -> Result<(), IndexError> {
        let shown = self.marks.iter().filter_map(|&mark| self.units.get(mark));
        let is_rising = shown.is_sorted_by(|one, other| one.shown < other.shown);
        let is_right = self.marks.first() == Some(&0) && is_rising;
        is_right.then_some(()).ok_or(UNORDERED)
    }

    pub(super) fn time_base(&self) -> TimeBase {
        let (num, den) = self.tracks.picture.rate;
        TimeBase { num: den, den: num }
    }

    /// Whether a sample that lies so is shown.
    pub(super) fn is_shown(&self, unit: EditUnit) -> bool {
        let first = self.units.get(0).map_or(0, |first| first.shown);
        !(self.format.begins_open && unit.shown < first)
    }

    /// That a mark is a picture that decoding can begin with, of the same video.
    fn check_mark(&self, reader: &mut WindowReader<'_>, mark: usize) -> Result<(), IndexError> {
        if self.essence.wrapping == Wrapping::Clip {
            return Ok(());
        }
        let head = head(reader, &self.essence, &self.units, mark)?;
        match &self.format.elementary {
            Some(elementary) => {
                let is_sync = elementary.clone().take(&head)?.is_sync;
                is_sync.then_some(()).ok_or(UNTRUE)
            }
            None => Ok(()),
        }
    }

    /// As the table has them, each in its package.
    fn listed(&self, units: Range<usize>) -> Result<Vec<CodedSample>, IndexError> {
        let sample = |nth| {
            let place = self.essence.unit(&self.units, nth)?;
            let unit = self.units.get(nth).ok_or(UNTRUE)?;
            Ok(CodedSample {
                offset: place.start,
                size: u32::try_from(place.end - place.start).map_err(|_| UNTRUE)?,
                pts: unit.shown.into(),
                sync: unit.key || matches!(self.format.codec, Codec::Intra(_)),
                shown: self.is_shown(unit),
                encrypted: false,
            })
        };
        units.map(sample).collect()
    }

    /// When sounds end: with the last edit unit, of which each has its part.
    fn sounds(&self) -> Vec<SoundTrack> {
        let (rate, per) = self.tracks.picture.rate;
        let units = self.units.count() as u128;
        let sounds = self.tracks.sounds.iter();
        let sound = |&(samples, seconds): &(u32, u32)| {
            let all = units * u128::from(per) * u128::from(samples);
            let of = u128::from(rate) * u128::from(seconds);
            SoundTrack {
                end_pts: i64::try_from((all + of / 2) / of).unwrap_or(i64::MAX),
                time_base: TimeBase {
                    num: seconds,
                    den: samples,
                },
            }
        };
        sounds.map(sound).collect()
    }

    pub(super) fn samples_of_clip(&self) -> Result<Vec<CodedSample>, IndexError> {
        self.listed(0..self.units.count())
    }
}

/// The beginning of a picture.
fn head(
    reader: &mut WindowReader<'_>,
    essence: &EssenceParts,
    units: &EditUnits,
    nth: usize,
) -> Result<Vec<u8>, IndexError> {
    let place = essence.unit(units, nth)?;
    let bytes = (place.end - place.start).min(HEAD_BYTES as u64);
    let stored = reader.peek(place.start, bytes)?;
    let head = match essence.wrapping {
        Wrapping::Clip => stored.to_vec(),
        Wrapping::Frame => unpacked(stored, essence.track),
    };
    (!head.is_empty()).then_some(head).ok_or(UNTRUE)
}

impl MarkedParts for MxfVideo {
    fn count(&self) -> usize {
        self.marks.len()
    }

    fn part_at(&self, pts: i64) -> usize {
        let shown = |mark: &usize| {
            self.units
                .get(*mark)
                .map_or(i64::MAX, |unit| unit.shown.into())
        };
        self.marks
            .partition_point(|mark| shown(mark) <= pts)
            .saturating_sub(1)
    }

    fn samples(
        &self,
        source: &dyn RangeSource,
        part: usize,
        limits: IndexLimits,
    ) -> Result<Vec<CodedSample>, IndexError> {
        let reader = &mut WindowReader::in_windows(source, limits.bytes, HEAD_BYTES as u64);
        let end = self.marks.get(part + 1).copied();
        let units = self.marks[part]..end.unwrap_or(self.units.count());
        self.check_mark(reader, units.start)?;
        if end.is_none() {
            self.essence.check_end(reader, &self.units)?;
        }
        self.listed(units)
    }

    fn track(&self) -> VideoTrack {
        let picture = &self.tracks.picture;
        VideoTrack {
            end_pts: i64::try_from(self.units.count()).unwrap_or(i64::MAX),
            entry: self.format.entry.clone(),
            packaging: match self.essence.wrapping {
                Wrapping::Clip => SamplePackaging::Whole,
                Wrapping::Frame => SamplePackaging::ContentPackages {
                    track: picture.number,
                },
            },
            sample_aspect_ratio: Some(self.format.sample_aspect_ratio),
            colour: picture.descriptor.colour,
            sounds: self.sounds(),
            ..VideoTrack::plain(
                picture.stream,
                self.time_base(),
                self.format.codec,
                self.format.coded,
            )
        }
    }
}
