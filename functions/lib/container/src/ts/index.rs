//! The whole index: each packet's header is read, once.

use super::access_unit::{AccessUnit, UnitBuilder};
use super::elementary::ElementaryStream;
use super::group_order::GroupOrder;
use super::packet_grid::PacketGrid;
use super::programs::Programs;
use super::sample_reader::SampleReader;
use super::sound_end::SoundEnd;
use crate::clock::{SampleClock, usual_gap};
use crate::error::{NO_DURATION, NO_START, UNORDERED};
use crate::known_samples::NO_SYNC;
use crate::packaging::SamplePackaging;
use crate::whole_reads::window_bytes;
use crate::{Codec, IndexError, IndexLimits, SoundTrack, VideoTrack};
use plan::{CodedSample, SampleLimit, TimeBase};
use source::RangeSource;

pub(crate) const CLOCK: TimeBase = TimeBase {
    num: 1,
    den: 90_000,
};
/// Tables are looked for in the beginning.
const MOST_TABLE_BYTES: u64 = 4 << 20;
const TABLE_WINDOW_BYTES: u64 = 64 << 10;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its packets to be read");
const NO_TABLES: IndexError = IndexError::Unsupported("it has no program tables");

pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    let grid = PacketGrid::find(source)?;
    let programs = programs(source, &grid, limits)?;
    let mut scan = StreamScan::new(programs, limits.samples)?;
    let all = (grid.aligned(0), grid.end());
    if all.1 - all.0 > limits.bytes {
        return Err(TOO_LONG);
    }
    grid.each(source, all, window_bytes(source), &mut |packet| {
        scan.take(&packet)?;
        Ok(true)
    })?;
    let step = usize::try_from(grid.step).unwrap_or(0);
    scan.track(SamplePackaging::TransportPackets { step })
}

/// As the first tables tell them.
pub(super) fn programs(
    source: &dyn RangeSource,
    grid: &PacketGrid,
    limits: IndexLimits,
) -> Result<Programs, IndexError> {
    let mut programs = Programs::default();
    let from = grid.aligned(0);
    let to = grid
        .end()
        .min(grid.aligned(from + MOST_TABLE_BYTES.min(limits.bytes)));
    grid.each(source, (from, to), TABLE_WINDOW_BYTES, &mut |(
        _,
        packet,
    )| {
        if !packet.is_scrambled {
            programs.take(&packet)?;
        }
        Ok(!programs.are_known())
    })?;
    if !programs.are_known() || programs.count() > limits.streams {
        return Err(NO_TABLES);
    }
    Ok(programs)
}

struct StreamScan {
    programs: Programs,
    number: usize,
    codec: Codec,
    units: UnitBuilder,
    video: ElementaryStream,
    reader: SampleReader,
    order: GroupOrder,
    sounds: Vec<SoundEnd>,
    samples: Vec<CodedSample>,
    most: SampleLimit,
}

impl StreamScan {
    fn new(programs: Programs, most: SampleLimit) -> Result<Self, IndexError> {
        let (number, stream, codec) = programs.video()?;
        let sounds = programs.sounds().map(SoundEnd::new).collect();
        Ok(Self {
            number,
            codec,
            units: UnitBuilder::new(stream),
            video: ElementaryStream::new(codec),
            reader: SampleReader::at_start(),
            order: GroupOrder::default(),
            sounds,
            samples: Vec::new(),
            programs,
            most,
        })
    }

    fn take(&mut self, placed: &super::packet_grid::PlacedPacket<'_>) -> Result<(), IndexError> {
        let (_, packet) = placed;
        if let Some(unit) = self.units.take(placed)? {
            self.add(&unit)?;
        }
        let now = self.reader.now();
        let sound = self.sounds.iter_mut();
        if let Some(sound) = sound.into_iter().find(|s| s.stream == packet.identifier) {
            sound.take(packet, now)?;
        } else if !packet.is_scrambled {
            self.programs.take(packet)?;
        }
        Ok(())
    }

    fn add(&mut self, unit: &AccessUnit) -> Result<(), IndexError> {
        self.most.check(self.samples.len() + 1)?;
        let start = self.video.take(&unit.bytes)?;
        let sample = self.reader.read(unit, &start)?;
        let shown = (sample.pts, sample.sync);
        self.order.take(&self.video, shown, &start.head)?;
        self.samples.push(sample);
        Ok(())
    }

    fn track(mut self, packaging: SamplePackaging) -> Result<VideoTrack, IndexError> {
        if let Some(unit) = self.units.last()? {
            self.add(&unit)?;
        }
        self.order.check()?;
        // Nothing can be decoded before the first keyframe.
        let first = self.samples.iter().position(|sample| sample.sync);
        self.samples.drain(..first.ok_or(NO_SYNC)?);
        if self.samples.iter().filter(|sample| sample.shown).count() < 2 {
            return Err(NO_DURATION);
        }
        check(&self.samples, SampleClock::new(self.codec, CLOCK))?;
        let last = self.samples.iter().map(|sample| sample.pts).max();
        let end_pts = last.unwrap_or(0).saturating_add(usual_gap(&self.samples));
        let mut sounds = Vec::new();
        for sound in &self.sounds {
            let end = sound.end(end_pts)?;
            sounds.extend(end.map(|end_pts| SoundTrack {
                end_pts,
                time_base: CLOCK,
            }));
        }
        let facts = TrackFacts {
            number: self.number,
            codec: self.codec,
            packaging,
        };
        Ok(VideoTrack {
            samples: self.samples,
            end_pts,
            sounds,
            ..facts.track(&self.video)?
        })
    }
}

/// What a track is whatever its samples are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrackFacts {
    pub(crate) number: usize,
    pub(crate) codec: Codec,
    pub(crate) packaging: SamplePackaging,
}

impl TrackFacts {
    /// Without samples.
    pub(crate) fn track(self, video: &ElementaryStream) -> Result<VideoTrack, IndexError> {
        let (entry, coded) = video.entry()?;
        Ok(VideoTrack {
            entry,
            packaging: self.packaging,
            ..VideoTrack::plain(self.number, CLOCK, self.codec, coded)
        })
    }
}

/// That each has a time of its own, and that what comes first is shown first.
pub(crate) fn check(samples: &[CodedSample], clock: SampleClock) -> Result<(), IndexError> {
    let shown = samples.iter().filter(|sample| sample.shown);
    let mut times: Vec<i64> = shown.map(|sample| sample.pts).collect();
    times.sort_unstable();
    let first = samples.first().filter(|first| first.sync);
    if first.map(|first| first.pts) != times.first().copied() || times.is_empty() {
        return Err(NO_START);
    }
    if times.windows(2).any(|pair| pair[0] == pair[1]) || !clock.is_clean(samples) {
        return Err(UNORDERED);
    }
    Ok(())
}
