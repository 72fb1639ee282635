//! The video of an FLV, whole or in the parts between the keyframes that its metadata tell.

use super::script::keyframes;
use super::sound::MILLISECONDS;
use super::tag::{BREAKS_OFF, TagHeader, TagKind, first_tag};
use super::walk::TagWalk;
use crate::clock::SampleClock;
use crate::marked_index::{MarkedIndex, MarkedParts, check_length, left_to_ffmpeg, whole};
use crate::track::UNITY;
use crate::window_reader::WindowReader;
use crate::{
    DescribedSamples, ENDS_EARLY, IndexError, IndexLimits, SamplePackaging, SoundTrack, VideoTrack,
};
use plan::CodedSample;
use source::RangeSource;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its tags to be read");
const NO_VIDEO: IndexError = IndexError::Unsupported("it has no video track");
const UNORDERED: IndexError = IndexError::Unsupported("its times are in no order");
const NO_DURATION: IndexError = IndexError::Unsupported("one picture has no duration");
const NO_KEYFRAMES: IndexError = IndexError::Unsupported("it does not tell where keyframes are");
const UNTRUE: IndexError = IndexError::Unsupported("its keyframes are not where it says");
const SOUND_ENDS: IndexError = IndexError::Unsupported("its sound ends early");

/// See [`crate::index`].
pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    whole(source, TOO_LONG, || read_whole(source, limits))
}

fn read_whole(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let mut walk = TagWalk::new(limits.samples);
    let first = first_tag(reader)?;
    match walk.take(reader, first, u64::MAX, &|_| true) {
        Err(IndexError::Damaged(BREAKS_OFF)) if walk.samples.is_empty() => {
            return Err(IndexError::Damaged(ENDS_EARLY));
        }
        taken => taken?,
    };
    let samples = std::mem::take(&mut walk.samples);
    check(&walk, &samples)?;
    let end_pts = end_of(&samples, duration(&samples)?);
    let described = match walk.is_of_one_kind() {
        true => DescribedSamples::default(),
        false => walk.described.clone(),
    };
    let sounds = walk.sound.end(end_pts)?.into_iter().collect();
    Ok(VideoTrack {
        samples,
        described,
        ..track(&walk, end_pts, sounds)?
    })
}

/// That each picture has a time of its own, and the first is shown first.
fn check(walk: &TagWalk, samples: &[CodedSample]) -> Result<(), IndexError> {
    let codec = walk.codec.ok_or(NO_VIDEO)?;
    check_repeats(samples)?;
    let begins = samples.first().map(|first| first.pts);
    let earliest = samples.iter().map(|sample| sample.pts).min();
    let clock = SampleClock::new(codec, MILLISECONDS);
    let is_ordered = begins == earliest && clock.is_clean(samples);
    is_ordered.then_some(()).ok_or(UNORDERED)
}

fn check_repeats(samples: &[CodedSample]) -> Result<(), IndexError> {
    let mut times: Vec<i64> = samples.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let repeats = times.windows(2).any(|pair| pair[0] == pair[1]);
    (!repeats).then_some(()).ok_or(UNORDERED)
}

fn end_of(samples: &[CodedSample], duration: i64) -> i64 {
    let last = samples.iter().map(|sample| sample.pts).max();
    last.unwrap_or(0).saturating_add(duration)
}

/// Of a picture: whole milliseconds of what their number tells on average.
fn duration(samples: &[CodedSample]) -> Result<i64, IndexError> {
    /// What is lost where times are rounded.
    const ROUNDED: f64 = 0.05;
    let times = samples.iter().map(|sample| sample.pts);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return Err(NO_DURATION);
    };
    let steps = samples.len() - 1;
    if steps == 0 {
        return Err(NO_DURATION);
    }
    let average = last.saturating_sub(first) as f64 / steps as f64;
    // The cast saturates.
    Ok(((average + ROUNDED) as i64).max(1))
}

/// Without samples.
fn track(walk: &TagWalk, end_pts: i64, sounds: Vec<SoundTrack>) -> Result<VideoTrack, IndexError> {
    let first = walk.description().ok_or(NO_VIDEO)?;
    Ok(VideoTrack {
        stream: usize::from(walk.begins_with_sound),
        time_base: MILLISECONDS,
        samples: Vec::new(),
        gaps: Vec::new(),
        edits: None,
        has_encryption: false,
        end_pts,
        codec: walk.codec.ok_or(NO_VIDEO)?,
        entry: first.entry.clone(),
        packaging: SamplePackaging::Whole,
        described: DescribedSamples::default(),
        coded: first.coded,
        crop: None,
        sample_aspect_ratio: None,
        track_header_size: None,
        matrix: UNITY,
        colour: None,
        dolby_vision_profile: None,
        sounds,
        repairs: Vec::new(),
    })
}

/// See [`crate::SparseIndex`].
pub(crate) fn sparse_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<FlvVideo>, IndexError> {
    check_length(source)?;
    sparse_index_of_any_length(source, limits)
}

pub(super) fn sparse_index_of_any_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<FlvVideo>, IndexError> {
    let video = FlvVideo::read(source, limits);
    let index = video.and_then(|video| MarkedIndex::new(video, source, limits));
    left_to_ffmpeg(index, TOO_LONG)
}

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
    track: VideoTrack,
}

impl FlvVideo {
    fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
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
        let mut first = self.start.later(limits.samples);
        let ends = self.marks.get(1).map_or(u64::MAX, |second| second.at);
        first.take(reader, self.marks[0].at, ends, &|_| true)?;
        let mut last = self.start.later(limits.samples);
        let at = self.marks.last().ok_or(NO_KEYFRAMES)?.at;
        last.take(reader, at, u64::MAX, &|_| true)?;
        // The average of the first part is that of all where frames come at a steady pace.
        self.track.end_pts = end_of(&last.samples, duration(&first.samples)?);
        if self.start.sound.has_begun() || first.sound.has_begun() || last.sound.has_begun() {
            if !last.sound.has_begun() {
                return Err(SOUND_ENDS);
            }
            let end = last.sound.end(self.track.end_pts)?;
            self.track.sounds = end.into_iter().collect();
        }
        Ok(())
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
        let reader = &mut WindowReader::new(source, limits.bytes);
        let mark = self.marks[part];
        let until = self.marks.get(part + 1).map(|next| next.at);
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
        Ok(walk.samples)
    }

    fn track(&self) -> VideoTrack {
        self.track.clone()
    }
}

/// What times in metadata may be rounded to.
const NEAR_MS: u64 = 10;
