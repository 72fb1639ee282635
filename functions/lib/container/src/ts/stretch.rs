//! A stretch of a transport stream: the access units that lie whole in it.

use super::access_unit::UnitBuilder;
use super::elementary::ElementaryStream;
use super::group_order::GroupOrder;
use super::packet_grid::{PacketGrid, PlacedPacket};
use super::programs::Programs;
use super::sample_reader::SampleReader;
use super::sound_end::SoundEnd;
use crate::{Codec, IndexError};
use plan::CodedSample;
use source::RangeSource;

/// What is known of the video as a whole, and grows with what is read.
#[derive(Debug, Clone)]
pub(super) struct StreamFacts {
    pub(super) grid: PacketGrid,
    pub(super) programs: Programs,
    pub(super) video: u16,
    pub(super) codec: Codec,
    pub(super) elementary: ElementaryStream,
}

/// A place in the file, and the decoding time there, ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClockMark {
    pub(super) at: u64,
    pub(super) dts: i64,
}

/// Units one after the other, none missing.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// In decoding order; never none.
    pub(super) samples: Vec<CodedSample>,
    /// What each begins with.
    pub(super) heads: Vec<Vec<u8>>,
    pub(super) first: ClockMark,
    pub(super) last: ClockMark,
    /// Where the unit behind the last one begins; none where there is none.
    pub(super) next: Option<u64>,
}

impl StreamFacts {
    /// The units that lie whole between `from` and `to`, at a time near `near`; without one it is the
    /// beginning. None where there is not even one. `sounds` follow those of theirs.
    pub(super) fn stretch(
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
            first,
            last,
            next,
        }))
    }

    /// A time of 33 bits in the packets between two places, and where.
    pub(super) fn mark(
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
}

impl Stretch {
    /// That its times are those of its pictures, from its first keyframe on.
    pub(super) fn check_order(&self, video: &ElementaryStream) -> Result<(), IndexError> {
        let mut order = GroupOrder::default();
        for (sample, head) in self.samples.iter().zip(&self.heads) {
            order.take(video, (sample.pts, sample.sync), head)?;
        }
        order.check()
    }

    /// With `next`, which it touches or overlaps.
    pub(super) fn joined(mut self, next: Self) -> Self {
        let end = self.samples.last().map_or(0, |last| last.offset);
        let known = next.samples.partition_point(|sample| sample.offset <= end);
        self.samples.extend(next.samples.into_iter().skip(known));
        self.heads.extend(next.heads.into_iter().skip(known));
        if next.last.at > self.last.at {
            self.last = next.last;
            self.next = next.next;
        }
        self
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
    facts: &'a mut StreamFacts,
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
