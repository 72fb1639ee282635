//! A long program stream by its clock: the pictures that lie whole in a stretch of it.

use super::index::{PacketRun, ProgramFacts, end_of};
use super::packets::{ProgramPacket, check_whole, each_packet_in, find_packet};
use crate::clocked_index::{ClockedIndex, ClockedStream, Ending, Stretch, read_between};
use crate::error::SOUND_ENDS;
use crate::ts::{GroupOrder, first_after, nearest};
use crate::{IndexError, IndexLimits, VideoTrack};
use source::RangeSource;

/// See [`crate::SparseIndex`]. Of a file of any length.
pub(crate) fn clocked_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<ProgramStream>, IndexError> {
    let stream = ProgramStream {
        facts: ProgramFacts::new(limits),
        has_sound: false,
        file_bytes: source.bytes(),
    };
    ClockedIndex::new(stream, source, limits)
}

/// What is known of the video as a whole.
#[derive(Debug, Clone)]
pub(crate) struct ProgramStream {
    facts: ProgramFacts,
    has_sound: bool,
    file_bytes: u64,
}

impl ProgramStream {
    /// The packets that lie whole between two places, and where the first one begins.
    fn read(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<(PacketRun, u64)>, IndexError> {
        let bytes = read_between(source, places)?;
        let begin = match near {
            None => Some(0),
            Some(_) => find_packet(&bytes),
        };
        let Some(begin) = begin else {
            return Ok(None);
        };
        let from = places.0 + begin as u64;
        let mut run = PacketRun::new(self.facts.clone(), near, from).keeping_heads();
        let mut take = |packet: &ProgramPacket<'_>| run.take(packet).map(|()| true);
        let done = each_packet_in(&bytes[begin..], from, &mut None, &mut take)?;
        if places.0 + bytes.len() as u64 == self.file_bytes {
            check_whole(&bytes[begin + done..])?;
            run.end()?;
        }
        self.facts = run.facts.clone();
        self.has_sound |= run.sounds.has_begun();
        run.check_distances()?;
        let from = run.begins.unwrap_or(from);
        Ok(Some((run, from)))
    }

    fn stretch_of(&self, run: PacketRun, from: u64, to: u64) -> Option<Stretch> {
        let (first, last) = run.marks?;
        Some(Stretch {
            next: Some(run.restart()).filter(|_| to < self.file_bytes),
            samples: run.samples,
            heads: run.heads,
            from,
            first,
            last,
        })
    }
}

impl ClockedStream for ProgramStream {
    const PROBE_BYTES: u64 = 64 << 10;
    const NEAR_SECONDS: i64 = 8;

    fn ends(&self) -> (u64, u64) {
        (0, self.file_bytes)
    }

    /// The next picture begins some packets behind the last slice of the one before it.
    fn lookahead(&self) -> u64 {
        128 << 10
    }

    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError> {
        let read = self.read(source, places, near)?;
        Ok(read.and_then(|(run, from)| self.stretch_of(run, from, places.1)))
    }

    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError> {
        let read = self.read(source, (from, self.file_bytes), near)?;
        let Some((run, from)) = read.filter(|(run, _)| run.samples.iter().any(|s| s.sync)) else {
            return Ok(None);
        };
        if self.has_sound && !run.sounds.has_begun() {
            return Err(SOUND_ENDS);
        }
        let end_pts = end_of(&run.samples);
        let sounds = run.sounds.ends(end_pts)?;
        let stretch = self.stretch_of(run, from, self.file_bytes);
        Ok(stretch.map(|stretch| Ending {
            stretch,
            end_pts,
            sounds,
        }))
    }

    fn mark(
        &self,
        source: &dyn RangeSource,
        places: (u64, u64),
    ) -> Result<Option<(u64, u64)>, IndexError> {
        let bytes = read_between(source, places)?;
        let Some(begin) = find_packet(&bytes) else {
            return Ok(None);
        };
        let video = self.facts.program.video().map(|(_, stream)| stream);
        let mut found = None;
        let from = places.0 + begin as u64;
        each_packet_in(&bytes[begin..], from, &mut None, &mut |packet| {
            let times = packet.times.filter(|_| Some(packet.stream) == video);
            found = times.map(|(_, dts)| (packet.place, dts));
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
        GroupOrder::check_stretch(self.facts.video.elementary()?, stretch)
    }

    fn track(&self) -> Result<VideoTrack, IndexError> {
        self.facts.track()
    }
}
