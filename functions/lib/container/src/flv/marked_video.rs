//! The parts of a long FLV between the keyframes that its metadata tell.

use super::index::{check_repeats, duration, end_of, track};
use super::script::keyframes;
use super::tag::{TagHeader, TagKind, first_tag};
use super::walk::TagWalk;
use crate::error::{NO_VIDEO, SOUND_ENDS};
use crate::marked_index::MarkedParts;
use crate::window_reader::{MOST_ROW_BYTES, WindowReader};
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use source::RangeSource;
use std::collections::BTreeMap;

const NO_KEYFRAMES: IndexError = IndexError::Unsupported("it does not tell where keyframes are");
const UNTRUE: IndexError = IndexError::Unsupported("its keyframes are not where it says");
/// A keyframe by the metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KeyMark {
    /// ms
    time: i64,
    at: u64,
}

/// All that is needed to read parts of it.
#[derive(Debug, Clone)]
pub(crate) struct FlvVideo {
    /// As far as the first picture.
    start: TagWalk,
    marks: Vec<KeyMark>,
    /// Of the first part and the last.
    known: BTreeMap<usize, Vec<CodedSample>>,
    track: VideoTrack,
}

impl FlvVideo {
    pub(super) fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
        let reader = &mut WindowReader::new(source, limits.bytes);
        let mut start = TagWalk::new(limits.samples);
        let first = first_tag(reader)?;
        let is_begun = |walk: &TagWalk| walk.samples.is_empty();
        let behind = start.take(reader, first, u64::MAX, &is_begun)?;
        let origin = start.samples.first().ok_or(NO_VIDEO)?.offset;
        let marks = marks(&start, origin)?;
        let mut video = Self {
            track: track(&start, 0, Vec::new())?,
            start,
            marks,
            known: BTreeMap::new(),
        };
        // Any of them that is no mark of the first picture may be far from it.
        if video.marks.get(1).is_some_and(|second| second.at < behind) {
            return Err(UNTRUE);
        }
        video.read_end(reader, limits)?;
        Ok(video)
    }

    /// When the last picture and the sound end.
    fn read_end(
        &mut self,
        reader: &mut WindowReader<'_>,
        limits: IndexLimits,
    ) -> Result<(), IndexError> {
        let first = self.part(reader, 0, limits)?;
        let last = self.part(reader, self.marks.len() - 1, limits)?;
        // The average of the first part is that of all where frames come at a steady pace.
        self.track.end_pts = end_of(&last.samples, duration(&first.samples)?);
        if self.start.sound.has_begun() || first.sound.has_begun() || last.sound.has_begun() {
            if !last.sound.has_begun() {
                return Err(SOUND_ENDS);
            }
            let end = last.sound.end(self.track.end_pts)?;
            self.track.sounds = end.into_iter().collect();
        }
        self.known = BTreeMap::from([(0, first.samples), (self.marks.len() - 1, last.samples)]);
        Ok(())
    }

    /// What lies between one mark and the next.
    fn part(
        &self,
        reader: &mut WindowReader<'_>,
        part: usize,
        limits: IndexLimits,
    ) -> Result<TagWalk, IndexError> {
        let mark = self.marks[part];
        let until = self.marks.get(part + 1).map(|next| next.at);
        let end = until.unwrap_or(reader.file_bytes());
        if end.saturating_sub(mark.at) <= MOST_ROW_BYTES {
            reader.expect_row(end);
        }
        let tag = TagHeader::read(reader, mark.at)?.ok_or(UNTRUE)?;
        // Some say it in seconds with few digits.
        let is_it = tag.kind == TagKind::Video && tag.time.abs_diff(mark.time) <= NEAR_MS;
        let mut walk = self.start.later(limits.samples);
        let end = walk.take(reader, mark.at, until.unwrap_or(u64::MAX), &|_| true)?;
        let begins = walk.samples.first().is_some_and(|first| first.sync);
        let is_of_one_kind = walk.described.all.len() == 1;
        if !is_it || !begins || !is_of_one_kind || until.is_some_and(|until| until != end) {
            return Err(UNTRUE);
        }
        check_repeats(&walk.samples)?;
        Ok(walk)
    }
}

/// In rising order, the first at the first picture or the configuration before it.
fn marks(start: &TagWalk, first_sample: u64) -> Result<Vec<KeyMark>, IndexError> {
    let said = start.scripts.iter().map(|script| keyframes(script));
    let said = said.into_iter().find(|marks| marks.len() > 1);
    let first = start.first_picture.ok_or(NO_KEYFRAMES)?;
    let mut marks = vec![KeyMark {
        time: first.time,
        at: first.body - super::tag::HEADER_BYTES,
    }];
    for (seconds, at) in said.ok_or(NO_KEYFRAMES)? {
        // The cast saturates.
        let time = (seconds * 1000.0).round() as i64;
        if at > first_sample {
            marks.push(KeyMark { time, at });
        }
    }
    let rises = |pair: &[KeyMark]| pair[0].time < pair[1].time && pair[0].at < pair[1].at;
    let are_ordered = marks.len() > 1 && marks.windows(2).all(rises);
    are_ordered.then_some(marks).ok_or(UNTRUE)
}

impl MarkedParts for FlvVideo {
    fn count(&self) -> usize {
        self.marks.len()
    }

    fn part_at(&self, pts: i64) -> usize {
        let after = self.marks.partition_point(|mark| mark.time <= pts);
        after.saturating_sub(1)
    }

    fn samples(
        &self,
        source: &dyn RangeSource,
        part: usize,
        limits: IndexLimits,
    ) -> Result<Vec<CodedSample>, IndexError> {
        if let Some(samples) = self.known.get(&part) {
            return Ok(samples.clone());
        }
        let reader = &mut WindowReader::new(source, limits.bytes);
        Ok(self.part(reader, part, limits)?.samples)
    }

    fn track(&self) -> VideoTrack {
        self.track.clone()
    }
}

/// What times in metadata may be rounded to.
const NEAR_MS: u64 = 10;
