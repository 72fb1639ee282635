//! The whole index: each packet is read, once.

use super::packets::{ProgramPacket, each_packet};
use super::program::{Program, is_video};
use super::sound::SoundEnds;
use super::times::PictureTimes;
use super::units::{PlacedUnit, UnitSplitter};
use crate::clock::{SampleClock, usual_gap};
use crate::clocked_index::ClockMark;
use crate::known_samples::NO_SYNC;
use crate::packaging::SamplePackaging;
use crate::ts::{CLOCK, ElementaryStream, GroupOrder, SampleReader, TrackFacts, check};
use crate::{Codec, IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use source::RangeSource;

const WINDOW_BYTES: u64 = 256 << 10;
/// Where each request takes its time.
const FAR_WINDOW_BYTES: u64 = 4 << 20;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its packets to be read");
const NO_DURATION: IndexError = IndexError::Unsupported("one picture has no duration");
/// What comes before the first slice is shorter, but for data of users.
const MOST_HEAD_BYTES: usize = 1 << 16;

const NOT_MPEG2: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const NO_VIDEO: IndexError = IndexError::Unsupported("it has not just one video of a usual kind");
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
    let window_bytes = match source.path() {
        Some(_) => WINDOW_BYTES,
        None => FAR_WINDOW_BYTES,
    };
    let mut read = PacketRun::new(ProgramFacts::new(limits), None, 0);
    each_packet(source, window_bytes, &mut |packet| read.take(packet))?;
    read.end()?;
    read.order.check()?;
    let mut samples = std::mem::take(&mut read.samples);
    // Nothing can be decoded before the first keyframe.
    let first = samples.iter().position(|sample| sample.sync);
    samples.drain(..first.ok_or(NO_SYNC)?);
    if samples.iter().filter(|sample| sample.shown).count() < 2 {
        return Err(NO_DURATION);
    }
    check(&samples, SampleClock::new(Codec::Mpeg2, CLOCK))?;
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
    pub(super) elementary: ElementaryStream,
    pub(super) limits: IndexLimits,
}

impl ProgramFacts {
    pub(super) fn new(limits: IndexLimits) -> Self {
        Self {
            program: Program::default(),
            elementary: ElementaryStream::new(Codec::Mpeg2),
            limits,
        }
    }

    /// Without samples.
    pub(super) fn track(&self) -> Result<VideoTrack, IndexError> {
        let (number, stream) = self.program.video().ok_or(NO_VIDEO)?;
        let facts = TrackFacts {
            number,
            codec: Codec::Mpeg2,
            packaging: SamplePackaging::ProgramPackets { stream },
        };
        facts.track(&self.elementary)
    }
}

/// Takes the packets of a stretch one after the other.
#[derive(Debug)]
pub(super) struct PacketRun {
    pub(super) facts: ProgramFacts,
    units: UnitSplitter,
    times: PictureTimes,
    reader: SampleReader,
    pub(super) order: GroupOrder,
    pub(super) samples: Vec<CodedSample>,
    pub(super) heads: Vec<Vec<u8>>,
    /// When each is decoded, ticks.
    decoded: Vec<i64>,
    pub(super) marks: Option<(ClockMark, ClockMark)>,
    pub(super) sounds: SoundEnds,
    keeps_heads: bool,
}

impl PacketRun {
    /// From `from` on, at a time near `near`; without one it is the beginning.
    pub(super) fn new(facts: ProgramFacts, near: Option<i64>, from: u64) -> Self {
        Self {
            facts,
            units: UnitSplitter::new(near.is_none(), from),
            times: PictureTimes::default(),
            reader: near.map_or_else(SampleReader::at_start, SampleReader::amid),
            order: GroupOrder::default(),
            samples: Vec::new(),
            heads: Vec::new(),
            decoded: Vec::new(),
            marks: None,
            sounds: SoundEnds::default(),
            keeps_heads: false,
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
        let key = self.facts.program.take(packet, most)?;
        if !is_video(key) {
            return match self.reader.now() {
                Some(now) => self.sounds.take(key, packet, now),
                None => Ok(()),
            };
        }
        let (mut complete, times) = (Vec::new(), &mut self.times);
        self.units.push(packet, &mut |unit| {
            complete.extend(times.take(unit)?);
            Ok(())
        })?;
        complete.iter().try_for_each(|unit| self.add(unit))
    }

    /// The file ends.
    pub(super) fn end(&mut self) -> Result<(), IndexError> {
        let mut complete = Vec::new();
        if let Some(last) = self.units.last()? {
            complete = self.times.take(last)?;
        }
        complete.extend(self.times.end()?);
        complete.iter().try_for_each(|unit| self.add(unit))
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

    fn add(&mut self, placed: &PlacedUnit) -> Result<(), IndexError> {
        self.facts.limits.samples.check(self.samples.len() + 1)?;
        let bytes = &placed.unit.bytes;
        if !has_extension(bytes) {
            return Err(NOT_MPEG2);
        }
        let start = self.facts.elementary.take(bytes)?;
        let sample = self.reader.read(&placed.unit, &start)?;
        match self.keeps_heads {
            true => self.heads.push(start.head.into_owned()),
            false => {
                let shown = (sample.pts, sample.sync);
                self.order
                    .take(&self.facts.elementary, shown, &start.head)?;
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

/// `picture_coding_extension`, which pictures of MPEG-1 have not.
fn has_extension(picture: &[u8]) -> bool {
    let head = &picture[..picture.len().min(MOST_HEAD_BYTES)];
    head.windows(4).any(|code| code == [0, 0, 1, 0xb5])
}
