//! The tags of a stretch of the file, one after the other.

use super::configuration::described;
use super::sound::SoundEnd;
use super::tag::{HEADER_BYTES, TagHeader, TagKind};
use super::video_tag::{VideoCoding, VideoTag};
use crate::clocked_index::ClockMark;
use crate::error::{NO_START, UNORDERED};
use crate::window_reader::WindowReader;
use crate::{Codec, DescribedSamples, IndexError, SampleDescription};
use bitstream::{RandomAccess, random_access_by_head};
use plan::{CodedSample, SampleLimit};

const UNTRUE_KEY: IndexError = IndexError::Unsupported("its keyframes are not marked as such");
const ODD_CHANGE: IndexError =
    IndexError::Unsupported("its decoder configuration changes in no usual way");
const ODD_SCRIPT: IndexError = IndexError::Unsupported("a script tag of it may be a stream");

/// A configuration is far shorter.
const MOST_CONFIGURATION_BYTES: u32 = 1 << 16;
/// What comes before the first slice of a keyframe is rarely longer.
const KEY_HEAD_BYTES: u64 = 4096;
const OTHER_HEAD_BYTES: u64 = 128;

/// What was found so far.
#[derive(Debug, Clone)]
pub(super) struct TagWalk {
    pub(super) codec: Option<Codec>,
    pub(super) described: DescribedSamples,
    pub(super) samples: Vec<CodedSample>,
    /// The first picture's tag and the last one's.
    pub(super) ends: Option<(ClockMark, ClockMark)>,
    pub(super) sound: SoundEnd,
    /// Another stream begins before the video.
    pub(super) begins_with_sound: bool,
    pub(super) first_picture: Option<TagHeader>,
    /// Bodies of script tags before anything else.
    pub(super) scripts: Vec<Vec<u8>>,
    last_dts: Option<i64>,
    /// It may begin between keyframes.
    is_amid: bool,
    most: SampleLimit,
}

impl TagWalk {
    pub(super) fn new(most: SampleLimit) -> Self {
        Self {
            codec: None,
            described: DescribedSamples::default(),
            samples: Vec::new(),
            ends: None,
            sound: SoundEnd::default(),
            begins_with_sound: false,
            first_picture: None,
            scripts: Vec::new(),
            last_dts: None,
            is_amid: false,
            most,
        }
    }

    /// Of a later stretch of the same video, where no other configuration may come.
    pub(super) fn later(&self, most: SampleLimit) -> Self {
        Self {
            codec: self.codec,
            described: self.described.clone(),
            sound: self.sound.later(),
            ..Self::new(most)
        }
    }

    /// The same from any tag on.
    pub(super) fn amid(&self, most: SampleLimit) -> Self {
        Self {
            is_amid: true,
            ..self.later(most)
        }
    }

    /// Takes the tags from `at` to `until`, or as long as `goes_on`.
    pub(super) fn take(
        &mut self,
        reader: &mut WindowReader<'_>,
        mut at: u64,
        until: u64,
        goes_on: &dyn Fn(&Self) -> bool,
    ) -> Result<u64, IndexError> {
        while at < until
            && goes_on(self)
            && let Some(tag) = TagHeader::read(reader, at)?
        {
            match tag.kind {
                TagKind::Video => self.take_video(reader, tag)?,
                TagKind::Sound => {
                    self.begins_with_sound |= self.codec.is_none() && tag.bytes > 0;
                    self.sound.take(reader, tag)?;
                }
                TagKind::Script if self.codec.is_none() => {
                    const MOST_SCRIPT_BYTES: u32 = 16 << 20;
                    if tag.time != 0 || tag.bytes > MOST_SCRIPT_BYTES {
                        return Err(ODD_SCRIPT);
                    }
                    self.scripts.push(reader.read(tag.body, tag.bytes.into())?);
                }
                TagKind::Script => {}
            }
            at = tag.next();
        }
        Ok(at)
    }

    fn take_video(
        &mut self,
        reader: &mut WindowReader<'_>,
        tag: TagHeader,
    ) -> Result<(), IndexError> {
        let (coding, skipped, key, delay) = match VideoTag::read(reader, tag)? {
            VideoTag::Nothing => return Ok(()),
            VideoTag::Configuration { coding, head } => {
                return self.configure(reader, tag, (coding, head));
            }
            VideoTag::Picture {
                coding,
                head,
                key,
                delay,
            } => (coding, head, key, delay),
        };
        let codec = self.codec.ok_or(NO_START)?;
        if !is_of(codec, coding) {
            return Err(ODD_CHANGE);
        }
        if self.last_dts.is_some_and(|last| last > tag.time) {
            return Err(UNORDERED);
        }
        self.last_dts = Some(tag.time);
        let most = if key {
            KEY_HEAD_BYTES
        } else {
            OTHER_HEAD_BYTES
        };
        let head = tag.head(reader, u64::from(skipped) + most)?;
        let head = head.get(skipped as usize..).unwrap_or_default();
        let is_key = random_access_by_head(codec, head) != RandomAccess::None;
        if is_key != key || bitstream::recovers_later(codec, head) {
            return Err(UNTRUE_KEY);
        }
        let begins = self.described.begins.last().map(|&(first, _)| first);
        let is_first = self.samples.is_empty();
        if begins == Some(self.samples.len()) && !key && !(is_first && self.is_amid) {
            return Err(if is_first { NO_START } else { ODD_CHANGE });
        }
        self.most.check(self.samples.len() + 1)?;
        self.first_picture.get_or_insert(tag);
        let mark = ClockMark {
            at: tag.body - HEADER_BYTES,
            dts: tag.time,
        };
        let first = self.ends.map_or(mark, |(first, _)| first);
        self.ends = Some((first, mark));
        self.samples.push(CodedSample {
            offset: tag.body + u64::from(skipped),
            size: tag.bytes - skipped,
            pts: tag.time + delay,
            sync: key,
            shown: true,
            encrypted: false,
        });
        Ok(())
    }

    /// The same again, or another one from the next keyframe on.
    fn configure(
        &mut self,
        reader: &mut WindowReader<'_>,
        tag: TagHeader,
        (coding, head): (VideoCoding, u32),
    ) -> Result<(), IndexError> {
        if tag.bytes > MOST_CONFIGURATION_BYTES {
            return Err(ODD_CHANGE);
        }
        let body = reader.read(tag.body, tag.bytes.into())?;
        let record = body.get(head as usize..).unwrap_or_default();
        let (codec, next) = described(coding, record)?;
        if self.codec.is_some_and(|known| known != codec) {
            return Err(ODD_CHANGE);
        }
        self.codec = Some(codec);
        let known = self.described.all.iter().position(|known| *known == next);
        let nth = known.unwrap_or(self.described.all.len());
        if known.is_none() {
            self.described.all.push(next);
        }
        let now = (self.samples.len(), nth);
        match self.described.begins.last_mut() {
            Some((_, last)) if *last == nth => {}
            // One that no picture had.
            Some(last) if last.0 == now.0 => *last = now,
            _ => self.described.begins.push(now),
        }
        Ok(())
    }

    /// Of the first sample.
    pub(super) fn description(&self) -> Option<&SampleDescription> {
        let &(_, nth) = self.described.begins.first()?;
        self.described.all.get(nth)
    }

    /// Whether one configuration holds for all.
    pub(super) fn is_of_one_kind(&self) -> bool {
        self.described.begins.len() == 1
    }
}

fn is_of(codec: Codec, coding: VideoCoding) -> bool {
    match codec {
        Codec::H264 { .. } => coding == VideoCoding::H264,
        Codec::Hevc { .. } => coding == VideoCoding::Hevc,
        _ => coding == VideoCoding::Av1,
    }
}
