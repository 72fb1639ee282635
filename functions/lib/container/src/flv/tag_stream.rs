//! A long FLV that does not tell where keyframes are, by the times of its tags.

use super::index::{duration, end_of, track};
use super::resync::find_tag;
use super::tag::{HEADER_BYTES, SIZE_BYTES, TagHeader, TagKind, first_tag};
use super::video_tag::VideoTag;
use super::walk::TagWalk;
use crate::clocked_index::{ClockedIndex, ClockedStream, Ending, Stretch};
use crate::error::{NO_VIDEO, SOUND_ENDS};
use crate::window_reader::WindowReader;
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use source::RangeSource;

const CHANGES: IndexError = IndexError::Unsupported("its decoder configuration changes");
const NO_GROUP: IndexError = IndexError::Unsupported("its keyframes are far apart");

/// See [`crate::SparseIndex`].
pub(super) fn clocked_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<TagStream>, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let mut start = TagWalk::new(limits.samples);
    let first = first_tag(reader)?;
    start.take(reader, first, u64::MAX, &|walk| walk.samples.is_empty())?;
    let begins = start.first_picture.ok_or(NO_VIDEO)?.body - HEADER_BYTES;
    let stream = TagStream {
        start,
        begins,
        file_bytes: source.bytes(),
        duration: None,
        limits,
    };
    ClockedIndex::new(stream, source, limits)
}

/// What is known of the video as a whole.
#[derive(Debug, Clone)]
pub(crate) struct TagStream {
    /// As far as the first picture; with what the first stretch tells of the sound.
    start: TagWalk,
    begins: u64,
    file_bytes: u64,
    /// Of a picture, ms.
    duration: Option<i64>,
    limits: IndexLimits,
}

impl TagStream {
    fn reader<'a>(&self, source: &'a dyn RangeSource, to: u64) -> WindowReader<'a> {
        let mut reader = WindowReader::new(source, self.limits.bytes);
        reader.expect_row(to);
        reader
    }

    /// The tags that lie whole between two places, and where they begin and end.
    fn read(
        &self,
        source: &dyn RangeSource,
        (from, to): (u64, u64),
        is_start: bool,
    ) -> Result<Option<(TagWalk, u64, u64)>, IndexError> {
        let to = to.min(self.file_bytes);
        let reader = &mut self.reader(source, to);
        let (mut walk, begin) = match is_start {
            true => (self.start.later(self.limits.samples), Some(from)),
            false => {
                let bytes = reader.peek(from, to.saturating_sub(from))?;
                let begin = find_tag(bytes, from, self.file_bytes);
                (self.start.amid(self.limits.samples), begin)
            }
        };
        let Some(begin) = begin else {
            return Ok(None);
        };
        let mut at = begin;
        while at < to && self.tag_end(reader, at, to)? <= to {
            at = walk.take(reader, at, at + 1, &|_| true)?;
        }
        if walk.described.all.len() > 1 {
            return Err(CHANGES);
        }
        Ok(Some((walk, begin, at)))
    }

    /// Where the tag at `at` ends; not in time where it does not end before `to`.
    fn tag_end(&self, reader: &mut WindowReader<'_>, at: u64, to: u64) -> Result<u64, IndexError> {
        if to.saturating_sub(at) < HEADER_BYTES {
            return Ok(if to == self.file_bytes { to } else { u64::MAX });
        }
        let header = reader.peek(at, 4)?;
        let held = u32::from_be_bytes([0, header[1], header[2], header[3]]);
        let end = at + HEADER_BYTES + u64::from(held) + SIZE_BYTES;
        // The last tag of a file is read however it ends.
        Ok(if to == self.file_bytes {
            end.min(to)
        } else {
            end
        })
    }

    fn stretch_of(&self, (walk, from, end): (TagWalk, u64, u64)) -> Option<Stretch> {
        let (first, last) = walk.ends?;
        Some(Stretch {
            samples: walk.samples,
            heads: Vec::new(),
            from,
            first,
            last,
            next: Some(end).filter(|&end| end < self.file_bytes),
        })
    }
}

impl ClockedStream for TagStream {
    const PROBE_BYTES: u64 = 16 << 10;
    const NEAR_SECONDS: i64 = 2;

    fn ends(&self) -> (u64, u64) {
        (self.begins, self.file_bytes)
    }

    fn lookahead(&self) -> u64 {
        0
    }

    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError> {
        let Some(read) = self.read(source, places, near.is_none())? else {
            return Ok(None);
        };
        if near.is_none() {
            self.start.sound = read.0.sound.clone();
            self.duration = duration(whole_groups(&read.0.samples)).ok();
        }
        self.start.sound.note(&read.0.sound);
        Ok(self.stretch_of(read))
    }

    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        _near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError> {
        let read = self.read(source, (from, self.file_bytes), false)?;
        let Some(read) = read.filter(|(walk, ..)| walk.samples.iter().any(|s| s.sync)) else {
            return Ok(None);
        };
        let sound = read.0.sound.clone();
        if self.start.sound.has_begun() && !sound.has_begun() {
            return Err(SOUND_ENDS);
        }
        let end_pts = end_of(&read.0.samples, self.duration.ok_or(NO_GROUP)?);
        let sounds = sound.end(end_pts)?.into_iter().collect();
        let ending = self.stretch_of(read).map(|stretch| Ending {
            stretch,
            end_pts,
            sounds,
        });
        Ok(ending)
    }

    fn mark(
        &self,
        source: &dyn RangeSource,
        (from, to): (u64, u64),
    ) -> Result<Option<(u64, u64)>, IndexError> {
        // Less would take as long.
        let to = to.max(from.saturating_add(source.gap_bytes()));
        let to = to.min(self.file_bytes);
        let reader = &mut self.reader(source, to);
        let bytes = reader.peek(from, to.saturating_sub(from))?;
        let mut next = find_tag(bytes, from, self.file_bytes);
        while let Some(at) = next
            && at < to
            && self.tag_end(reader, at, to)? <= to
            && let Some(tag) = TagHeader::read(reader, at)?
        {
            let is_video = tag.kind == TagKind::Video;
            if is_video && matches!(VideoTag::read(reader, tag)?, VideoTag::Picture { .. }) {
                return Ok(Some((at, u64::try_from(tag.time).unwrap_or(0))));
            }
            next = Some(tag.next());
        }
        Ok(None)
    }

    /// Whoever opens the video does that.
    fn check_order(&self, _stretch: &Stretch) -> Result<(), IndexError> {
        Ok(())
    }

    fn track(&self) -> Result<VideoTrack, IndexError> {
        track(&self.start, 0, Vec::new())
    }
}

/// Up to the last keyframe.
fn whole_groups(samples: &[CodedSample]) -> &[CodedSample] {
    let last = samples.iter().rposition(|sample| sample.sync);
    &samples[..last.unwrap_or(0)]
}
