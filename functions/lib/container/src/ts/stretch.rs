//! A long transport stream by its clock: the access units that lie whole in a stretch of it.

use super::access_unit::UnitBuilder;
use super::elementary::ElementaryStream;
use super::group_order::GroupOrder;
use super::index::{CLOCK, TrackFacts, programs};
use super::packet_grid::{PacketGrid, PlacedPacket};
use super::programs::Programs;
use super::sample_reader::SampleReader;
use super::sound_end::SoundEnd;
use super::stream_clock::{first_after, nearest};
use crate::clock::usual_gap;
use crate::clocked_index::{ClockMark, ClockedIndex, ClockedStream, Ending, Stretch};
use crate::packaging::SamplePackaging;
use crate::{Codec, IndexError, IndexLimits, SoundTrack, VideoTrack};
use plan::CodedSample;
use source::RangeSource;

/// See [`crate::SparseIndex`]. Of a file of any length.
pub(crate) fn clocked_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<TransportStream>, IndexError> {
    let grid = PacketGrid::find(source)?;
    let programs = programs(source, &grid, limits)?;
    let (number, video, codec) = programs.video()?;
    let stream = TransportStream {
        number,
        grid,
        programs,
        video,
        codec,
        elementary: ElementaryStream::new(codec),
    };
    ClockedIndex::new(stream, source, limits)
}

/// What is known of the video as a whole.
#[derive(Debug, Clone)]
pub(crate) struct TransportStream {
    number: usize,
    grid: PacketGrid,
    programs: Programs,
    video: u16,
    codec: Codec,
    elementary: ElementaryStream,
}

impl TransportStream {
    /// See [`ClockedStream::stretch`]; `sounds` follow those of theirs.
    fn read(
        &mut self,
        source: &dyn RangeSource,
        (from, to): (u64, u64),
        near: Option<i64>,
        sounds: &mut [SoundEnd],
    ) -> Result<Option<Stretch>, IndexError> {
        let mut read = StretchReader {
            facts: self,
            units: None,
            samples: Vec::new(),
            heads: Vec::new(),
            marks: None,
            reader: near.map_or_else(SampleReader::at_start, SampleReader::amid),
            begun: None,
        };
        let grid = read.facts.grid;
        let (from, to) = (grid.aligned(from), grid.aligned(to).min(grid.end()));
        grid.each(source, (from, to), to.saturating_sub(from), &mut |packet| {
            read.take(&packet, sounds)?;
            Ok(true)
        })?;
        if to == grid.end() {
            read.end()?;
        }
        let next = read.begun;
        let Some((first, last)) = read.marks else {
            return Ok(None);
        };
        Ok(Some(Stretch {
            samples: read.samples,
            heads: read.heads,
            from: first.at,
            first,
            last,
            next,
        }))
    }
}

impl ClockedStream for TransportStream {
    const PROBE_BYTES: u64 = 64 << 10;
    const NEAR_SECONDS: i64 = 8;

    fn ends(&self) -> (u64, u64) {
        (self.grid.aligned(0), self.grid.end())
    }

    /// The beginning of the next unit ends the one before it.
    fn lookahead(&self) -> u64 {
        self.grid.step
    }

    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError> {
        self.read(source, places, near, &mut [])
    }

    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError> {
        let mut sounds: Vec<SoundEnd> = self.programs.sounds().map(SoundEnd::joined_late).collect();
        let stretch = self.read(source, (from, self.grid.end()), near, &mut sounds)?;
        let Some(stretch) = stretch.filter(Stretch::has_keyframe) else {
            return Ok(None);
        };
        let last = stretch.samples.iter().map(|sample| sample.pts).max();
        let gap = usual_gap(&stretch.samples);
        let end_pts = last.unwrap_or(0).saturating_add(gap);
        let mut ends = Vec::new();
        for sound in &sounds {
            let end = sound.end(end_pts)?;
            ends.extend(end.map(|end_pts| SoundTrack {
                end_pts,
                time_base: CLOCK,
            }));
        }
        Ok(Some(Ending {
            stretch,
            end_pts,
            sounds: ends,
        }))
    }

    fn mark(
        &self,
        source: &dyn RangeSource,
        (from, to): (u64, u64),
    ) -> Result<Option<(u64, u64)>, IndexError> {
        let (from, to) = (
            self.grid.aligned(from),
            self.grid.aligned(to).min(self.grid.end()),
        );
        let mut found = None;
        let window = to.saturating_sub(from);
        self.grid.each(source, (from, to), window, &mut |packet| {
            found = decoding_time(&packet, self.video)?;
            Ok(found.is_none())
        })?;
        Ok(found)
    }

    fn nearest(ticks: u64, near: i64) -> i64 {
        nearest(i64::try_from(ticks).unwrap_or(0), near)
    }

    fn first_after(ticks: u64, time: i64) -> i64 {
        first_after(ticks, time)
    }

    fn check_order(&self, stretch: &Stretch) -> Result<(), IndexError> {
        GroupOrder::check_stretch(&self.elementary, stretch)
    }

    fn track(&self) -> Result<VideoTrack, IndexError> {
        let step = usize::try_from(self.grid.step).unwrap_or(0);
        let facts = TrackFacts {
            number: self.number,
            codec: self.codec,
            packaging: SamplePackaging::TransportPackets { step },
        };
        facts.track(&self.elementary)
    }
}

fn decoding_time(packet: &PlacedPacket<'_>, video: u16) -> Result<Option<(u64, u64)>, IndexError> {
    if packet.1.identifier != video || !packet.1.is_start {
        return Ok(None);
    }
    let mut alone = UnitBuilder::new(video);
    alone.take(packet)?;
    Ok(alone.begun().map(|unit| (unit.from, unit.dts)))
}

struct StretchReader<'a> {
    facts: &'a mut TransportStream,
    units: Option<UnitBuilder>,
    samples: Vec<CodedSample>,
    heads: Vec<Vec<u8>>,
    marks: Option<(ClockMark, ClockMark)>,
    reader: SampleReader,
    /// Where the unit begins that is not complete yet.
    begun: Option<u64>,
}

impl StretchReader<'_> {
    fn take(
        &mut self,
        placed: &PlacedPacket<'_>,
        sounds: &mut [SoundEnd],
    ) -> Result<(), IndexError> {
        let (place, packet) = placed;
        let video = self.facts.video;
        let units = self.units.get_or_insert_with(|| UnitBuilder::new(video));
        let complete = units.take(placed)?;
        if packet.identifier == video && packet.is_start {
            self.begun = Some(*place);
        }
        if let Some(unit) = complete {
            self.add(&unit)?;
        }
        let now = self.reader.now();
        let mut sounds = sounds.iter_mut();
        if let Some(sound) = sounds.find(|sound| sound.stream == packet.identifier) {
            if now.is_some() {
                sound.take(packet, now)?;
            }
        } else if !packet.is_scrambled {
            self.facts.programs.take(packet)?;
        }
        Ok(())
    }

    /// The last unit of the file.
    fn end(&mut self) -> Result<(), IndexError> {
        let last = self.units.as_mut().map(UnitBuilder::last).transpose()?;
        if let Some(unit) = last.flatten() {
            self.add(&unit)?;
        }
        self.begun = None;
        Ok(())
    }

    fn add(&mut self, unit: &super::access_unit::AccessUnit) -> Result<(), IndexError> {
        let start = self.facts.elementary.take(&unit.bytes)?;
        let sample = self.reader.read(unit, &start)?;
        let mark = ClockMark {
            at: unit.from,
            dts: self.reader.now().unwrap_or(0),
        };
        let first = self.marks.map_or(mark, |(first, _)| first);
        self.marks = Some((first, mark));
        self.samples.push(sample);
        self.heads.push(start.head.into_owned());
        Ok(())
    }
}
