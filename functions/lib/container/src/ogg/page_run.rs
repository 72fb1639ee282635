//! The pages of a stretch of the file, one after the other: headers, frames and the times of sounds.

use super::packets::{Packet, PacketReader};
use super::page::Page;
use super::streams::{OggStreams, SampleCount, StreamKind, check_bones};
use super::theora::{is_frame, is_key};
use crate::clocked_index::ClockMark;
use crate::{Codec, IndexError, IndexLimits, SamplePackaging, SoundTrack, VideoTrack};
use plan::CodedSample;
use std::collections::BTreeMap;

const ODD_FRAME: IndexError = IndexError::Unsupported("its frames are not as usual");
const UNNUMBERED: IndexError =
    IndexError::Unsupported("its granule positions skip or repeat frames");
const WRONG_KEY: IndexError =
    IndexError::Unsupported("its granule positions name other keyframes than it has");
const ODD_SOUND: IndexError = IndexError::Unsupported("when its sound ends cannot be told");
/// How long the picture before it is shown, no two readers agree on.
const ENDS_EMPTY: IndexError = IndexError::Unsupported("it ends with an empty frame");

/// What is known of the file as a whole, and grows with what is read.
#[derive(Debug, Clone)]
pub(super) struct OggFacts {
    pub(super) streams: OggStreams,
    pub(super) limits: IndexLimits,
}

impl OggFacts {
    pub(super) fn new(limits: IndexLimits) -> Self {
        Self {
            streams: OggStreams::default(),
            limits,
        }
    }

    /// Without samples.
    pub(super) fn track(&self) -> Result<VideoTrack, IndexError> {
        let (stream, serial) = self.streams.video()?;
        let theora = &self.streams.theora;
        Ok(VideoTrack {
            entry: theora.entry()?,
            packaging: SamplePackaging::OggPages { serial },
            ..VideoTrack::plain(stream, theora.time_base()?, Codec::Theora, theora.size()?)
        })
    }
}

/// Takes the pages of a stretch.
#[derive(Debug)]
pub(super) struct PageRun {
    pub(super) facts: OggFacts,
    video: PacketReader,
    pub(super) samples: Vec<CodedSample>,
    /// Where the page begins in which the first frame does, and its number; and of the last one.
    pub(super) marks: Option<(ClockMark, ClockMark)>,
    /// The number of the next frame.
    next: Option<i64>,
    /// The number of the last keyframe.
    key: Option<i64>,
    ends_empty: bool,
    /// Where the last page of the video ends.
    end: u64,
    /// The last granule position of each sound, by its serial number.
    sounds: BTreeMap<u32, (SampleCount, u64)>,
}

impl PageRun {
    pub(super) fn new(facts: OggFacts) -> Self {
        Self {
            facts,
            video: PacketReader::default(),
            samples: Vec::new(),
            marks: None,
            next: None,
            key: None,
            ends_empty: false,
            end: 0,
            sounds: BTreeMap::new(),
        }
    }

    pub(super) fn take(&mut self, page: &Page<'_>) -> Result<(), IndexError> {
        let most = self.facts.limits.streams;
        match self.facts.streams.take(page, most)? {
            StreamKind::Video => self.take_video(page),
            StreamKind::Skeleton => check_bones(page.body),
            StreamKind::Sound(count) => {
                if let Some(granule) = page.granule {
                    self.facts.streams.take_sound(granule)?;
                    self.sounds.insert(page.serial, (count, granule));
                }
                Ok(())
            }
        }
    }

    fn take_video(&mut self, page: &Page<'_>) -> Result<(), IndexError> {
        let ended = self.video.take(page)?;
        self.end = page.body_at + page.body.len() as u64;
        let theora = &mut self.facts.streams.theora;
        if !theora.are_whole() {
            for packet in ended.packets {
                theora.take(packet.bytes)?;
            }
            // Frames begin with a page of their own.
            let is_over = theora.are_whole();
            return match is_over && (page.goes_on() || page.ends) {
                true => Err(ODD_FRAME),
                false => Ok(()),
            };
        }
        if !self.facts.streams.has_frames {
            // Then nothing tells the number of its first frame.
            if page.ends {
                return Err(ODD_FRAME);
            }
            self.facts.streams.begin_frames()?;
        }
        let Some(granule) = page.granule else {
            return Ok(());
        };
        let count = self.facts.streams.theora.frame_count(granule)?;
        let all = i64::try_from(ended.count).map_err(|_| UNNUMBERED)?;
        let first = count.frames - all;
        if first < 0 || self.next.is_some_and(|next| next != first) {
            return Err(UNNUMBERED);
        }
        self.next = Some(count.frames);
        let known = i64::try_from(ended.packets.len()).map_err(|_| UNNUMBERED)?;
        for (number, packet) in (count.frames - known..).zip(ended.packets) {
            self.add(number, &packet)?;
        }
        let is_other = self
            .key
            .is_some_and(|key| count.frames - 1 - key != count.since_key);
        (!is_other).then_some(()).ok_or(WRONG_KEY)
    }

    fn add(&mut self, number: i64, packet: &Packet) -> Result<(), IndexError> {
        if !is_frame(&packet.bytes) {
            return Err(ODD_FRAME);
        }
        self.ends_empty = packet.bytes.is_empty();
        if self.ends_empty {
            // The picture before it is shown on.
            return Ok(());
        }
        self.facts.limits.samples.check(self.samples.len() + 1)?;
        let is_key = is_key(&packet.bytes);
        if is_key {
            self.key = Some(number);
        }
        let mark = ClockMark {
            at: packet.page,
            dts: number,
        };
        let first = self.marks.map_or(mark, |(first, _)| first);
        self.marks = Some((first, mark));
        self.samples.push(CodedSample {
            offset: packet.from,
            size: u32::try_from(packet.until - packet.from).map_err(|_| ODD_FRAME)?,
            pts: number,
            sync: is_key,
            shown: true,
            encrypted: false,
        });
        Ok(())
    }

    /// Where reading would have to begin to find the next frame.
    pub(super) fn restart(&self) -> u64 {
        self.video.open_page().unwrap_or(self.end)
    }

    /// That the file may end here.
    pub(super) fn check_end(&self) -> Result<(), IndexError> {
        match self.ends_empty || self.video.open_page().is_some() {
            true => Err(ENDS_EMPTY),
            false => Ok(()),
        }
    }

    /// How many sounds have come.
    pub(super) fn sounds_come(&self) -> usize {
        self.sounds.len()
    }

    /// When each of them ends.
    pub(super) fn sound_ends(&self) -> Result<Vec<SoundTrack>, IndexError> {
        let ends = self.sounds.values();
        ends.map(|(count, granule)| count.end(*granule).ok_or(ODD_SOUND))
            .collect()
    }

    /// When the last frame ends, ticks.
    pub(super) fn end_pts(&self) -> i64 {
        self.samples.last().map_or(0, |last| last.pts + 1)
    }
}
