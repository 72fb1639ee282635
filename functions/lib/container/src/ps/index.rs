//! The whole index: each packet is read, once.

use super::packets::{ProgramPacket, each_packet};
use super::program::{Program, is_video};
use super::sound::SoundEnds;
use super::times::{Picture, PictureSteps, PictureTimes};
use super::units::{PlacedUnit, UnitSplitter};
use super::video::ProgramVideo;
use crate::clock::{SampleClock, usual_gap};
use crate::clocked_index::ClockMark;
use crate::error::{NO_DURATION, NOT_ONE};
use crate::known_samples::NO_SYNC;
use crate::packaging::SamplePackaging;
use crate::ts::{CLOCK, GroupOrder, SampleReader, TrackFacts, check};
use crate::{IndexError, IndexLimits, VideoTrack};
use bitstream::order::OutputOrderReader;
use plan::CodedSample;
use source::RangeSource;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its packets to be read");
/// No packet has a number that tells that one before it is gone: where times are far apart, parts of
/// the file may be.
const FAR_APART: IndexError = IndexError::Unsupported("its pictures lie too far apart");

pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    let bytes = source.bytes();
    if bytes > limits.bytes {
        return Err(TOO_LONG);
    }
    let mut read = PacketRun::new(ProgramFacts::new(limits), None, 0);
    each_packet(source, &mut |packet| read.take(packet))?;
    read.end()?;
    read.order.check()?;
    let mut samples = std::mem::take(&mut read.samples);
    // Nothing can be decoded before the first keyframe.
    let first = samples.iter().position(|sample| sample.sync);
    samples.drain(..first.ok_or(NO_SYNC)?);
    if samples.iter().filter(|sample| sample.shown).count() < 2 {
        return Err(NO_DURATION);
    }
    check(&samples, SampleClock::new(read.facts.video.codec()?, CLOCK))?;
    read.check_distances()?;
    let end_pts = end_of(&samples);
    Ok(VideoTrack {
        end_pts,
        sounds: read.sounds.ends(end_pts)?,
        samples,
        ..read.facts.track()?
    })
}

/// When the last picture ends.
pub(super) fn end_of(samples: &[CodedSample]) -> i64 {
    let last = samples.iter().map(|sample| sample.pts).max();
    last.unwrap_or(0).saturating_add(usual_gap(samples))
}

/// What is known of the video as a whole, and grows with what is read.
#[derive(Debug, Clone)]
pub(super) struct ProgramFacts {
    pub(super) program: Program,
    pub(super) video: ProgramVideo,
    steps: PictureSteps,
    pub(super) limits: IndexLimits,
}

impl ProgramFacts {
    pub(super) fn new(limits: IndexLimits) -> Self {
        Self {
            program: Program::default(),
            video: ProgramVideo::default(),
            steps: PictureSteps::default(),
            limits,
        }
    }

    /// Without samples.
    pub(super) fn track(&self) -> Result<VideoTrack, IndexError> {
        let (number, stream) = self.program.video().ok_or(NOT_ONE)?;
        let facts = TrackFacts {
            number,
            codec: self.video.codec()?,
            packaging: SamplePackaging::ProgramPackets { stream },
        };
        facts.track(self.video.elementary()?)
    }
}

/// Takes the packets of a stretch one after the other.
#[derive(Debug)]
pub(super) struct PacketRun {
    pub(super) facts: ProgramFacts,
    units: UnitSplitter,
    times: PictureTimes,
    pictures: Option<OutputOrderReader>,
    reader: SampleReader,
    pub(super) order: GroupOrder,
    pub(super) samples: Vec<CodedSample>,
    pub(super) heads: Vec<Vec<u8>>,
    /// When each is decoded, ticks.
    decoded: Vec<i64>,
    pub(super) marks: Option<(ClockMark, ClockMark)>,
    pub(super) sounds: SoundEnds,
    keeps_heads: bool,
    /// Where reading would have to begin to find the first picture, where others lie between it and the
    /// beginning of the stretch.
    pub(super) begins: Option<u64>,
}

impl PacketRun {
    /// From `from` on, at a time near `near`; without one it is the beginning.
    pub(super) fn new(facts: ProgramFacts, near: Option<i64>, from: u64) -> Self {
        Self {
            times: PictureTimes::new(facts.steps, near.is_none()),
            facts,
            units: UnitSplitter::new(near.is_none(), from),
            pictures: None,
            reader: near.map_or_else(SampleReader::at_start, SampleReader::amid),
            order: GroupOrder::default(),
            samples: Vec::new(),
            heads: Vec::new(),
            decoded: Vec::new(),
            marks: None,
            sounds: SoundEnds::default(),
            keeps_heads: false,
            begins: None,
        }
    }

    /// With what each picture begins with, in place of a check of their order.
    pub(super) fn keeping_heads(self) -> Self {
        Self {
            keeps_heads: true,
            ..self
        }
    }

    pub(super) fn take(&mut self, packet: &ProgramPacket<'_>) -> Result<(), IndexError> {
        let most = self.facts.limits.streams;
        let Some(key) = self.facts.program.take(packet, most)? else {
            return Ok(());
        };
        if !is_video(key) {
            let sound = self.facts.program.sound(key);
            return match self.reader.now().zip(sound) {
                Some((now, sound)) => self.sounds.take(key, sound, packet, now),
                None => Ok(()),
            };
        }
        let coding = self.facts.program.coding().ok_or(NOT_ONE)?;
        let mut units = Vec::new();
        self.units.push(packet, coding, &mut |unit| {
            units.push(unit);
            Ok(())
        })?;
        units.into_iter().try_for_each(|unit| self.take_unit(unit))
    }

    /// The file ends.
    pub(super) fn end(&mut self) -> Result<(), IndexError> {
        if let Some(last) = self.units.last()? {
            self.take_unit(last)?;
        }
        let complete = self.times.end()?;
        complete.into_iter().try_for_each(|unit| self.add(unit))
    }

    fn take_unit(&mut self, unit: PlacedUnit) -> Result<(), IndexError> {
        let coding = self.facts.program.coding().ok_or(NOT_ONE)?;
        let picture = self.facts.video.take(unit, coding, &mut self.pictures)?;
        let complete = self.times.take(picture, coding)?;
        self.facts.steps = self.times.steps;
        complete.into_iter().try_for_each(|unit| self.add(unit))
    }

    /// See [`UnitSplitter::restart`].
    pub(super) fn restart(&self) -> u64 {
        self.times.restart().unwrap_or(self.units.restart())
    }

    /// That no picture can be missing between two others. One that is shown for three fields goes half as
    /// long again.
    pub(super) fn check_distances(&self) -> Result<(), IndexError> {
        let pairs = self.decoded.windows(2);
        let mut steps: Vec<i64> = pairs.map(|pair| pair[1] - pair[0]).collect();
        steps.sort_unstable();
        let usual = steps.get(steps.len() / 2).copied().unwrap_or(0);
        let longest = steps.last().copied().unwrap_or(0);
        (longest <= usual + usual / 2 + 2)
            .then_some(())
            .ok_or(FAR_APART)
    }

    fn add(&mut self, picture: Picture) -> Result<(), IndexError> {
        self.facts.limits.samples.check(self.samples.len() + 1)?;
        let Picture { placed, start, .. } = picture;
        if self.samples.is_empty() && self.times.has_skipped {
            self.begins = Some(placed.restart);
        }
        let sample = self.reader.read(&placed.unit, &start)?;
        match self.keeps_heads {
            true => self.heads.push(start.head.into_owned()),
            false => {
                let shown = (sample.pts, sample.sync);
                let video = self.facts.video.elementary()?;
                self.order.take(video, shown, &start.head)?;
            }
        }
        let dts = self.reader.now().unwrap_or(0);
        self.decoded.push(dts);
        if let Some(at) = placed.clock_at {
            let mark = ClockMark { at, dts };
            let first = self.marks.map_or(mark, |(first, _)| first);
            self.marks = Some((first, mark));
        }
        self.samples.push(sample);
        Ok(())
    }
}
