//! A long file by its clock: the pictures that begin in a stretch of it.

use super::data_packet::PayloadReader;
use super::index::{AsfVideo, end_of, read_header, read_packets, videos};
use super::object_run::ObjectRun;
use super::pace::{PACE_PICTURES, picture_ms};
use crate::clocked_index::{ClockedIndex, ClockedStream, Ending, Stretch};
use crate::error::{NO_VIDEO, SOUND_ENDS};
use crate::{IndexError, IndexLimits, VideoTrack};
use source::RangeSource;

const NO_PACE: IndexError = IndexError::Unsupported("its first pictures are few");
const ASPECTS: IndexError = IndexError::Unsupported("the shape of its pixels changes");
const FAR_APART: IndexError = IndexError::Unsupported("its pictures lie too far apart");

/// Read further where a picture has not ended.
const MORE_BYTES: u64 = 64 << 10;
/// No picture goes on for longer, nor are two so far apart.
const MOST_MORE_BYTES: u64 = 16 << 20;

/// See [`crate::SparseIndex`]. Of a file of any length.
pub(crate) fn clocked_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<PacketStream>, IndexError> {
    let header = read_header(source, limits)?;
    let number = *videos(&header).first().ok_or(NO_VIDEO)?;
    let stream = PacketStream {
        video: AsfVideo::new(&header, number, limits)?,
        pixel_aspect: None,
        sounds: Vec::new(),
        picture_ms: None,
    };
    ClockedIndex::new(stream, source, limits)
}

/// What is known of the video as a whole.
#[derive(Debug, Clone)]
pub(crate) struct PacketStream {
    video: AsfVideo,
    /// As pictures say it themselves.
    pixel_aspect: Option<(u8, u8)>,
    /// That have been heard.
    sounds: Vec<u8>,
    picture_ms: Option<i64>,
}

impl PacketStream {
    /// The pictures that begin between two places, at the start as many as tell their pace, and where the
    /// first of these packets begins and the last one ends.
    fn read(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        is_start: bool,
    ) -> Result<(ObjectRun, u64, u64), IndexError> {
        let grid = self.video.facts.header.grid;
        let from = grid.begin_at(places.0);
        let mut to = grid.begin_behind(places.1);
        let packet_bytes = self.video.packet_bytes()?;
        let mut run = ObjectRun::new(self.video.facts.clone(), !is_start && from > grid.first);
        let least = if is_start { PACE_PICTURES } else { 1 };
        run.stop_at(to, least);
        read_packets(source, packet_bytes, (from, to), &mut run)?;
        let begun = to;
        while to < grid.end && (run.is_pending() || run.samples.len() < least) {
            if to - begun > MOST_MORE_BYTES {
                return Err(FAR_APART);
            }
            let more = MORE_BYTES.max(source.gap_bytes()).max(to - begun);
            let next = grid.begin_behind(to + more);
            read_packets(source, packet_bytes, (to, next), &mut run)?;
            to = next;
        }
        self.note(&run)?;
        Ok((run, from, to))
    }

    /// Takes note of what holds for all of it.
    fn note(&mut self, run: &ObjectRun) -> Result<(), IndexError> {
        if let Some(aspect) = run.pixel_aspect
            && *self.pixel_aspect.get_or_insert(aspect) != aspect
        {
            return Err(ASPECTS);
        }
        for stream in run.sounds.streams() {
            if !self.sounds.contains(&stream) {
                self.sounds.push(stream);
            }
        }
        Ok(())
    }

    fn stretch_of(&self, (run, from, to): (ObjectRun, u64, u64)) -> Option<Stretch> {
        let (first, last) = run.ends?;
        let is_end = to == self.video.facts.header.grid.end;
        let next = run.behind.or(Some(to).filter(|_| !is_end));
        Some(Stretch {
            samples: run.samples,
            heads: Vec::new(),
            from,
            first,
            last,
            next,
        })
    }
}

impl ClockedStream for PacketStream {
    const PROBE_BYTES: u64 = 64 << 10;
    const NEAR_SECONDS: i64 = 4;

    fn ends(&self) -> (u64, u64) {
        let grid = self.video.facts.header.grid;
        (grid.first, grid.end)
    }

    /// A picture that has begun is read to its end.
    fn lookahead(&self) -> u64 {
        0
    }

    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError> {
        let read = self.read(source, places, near.is_none())?;
        if near.is_none() {
            self.picture_ms = Some(picture_ms(&read.0.samples)?);
        }
        if read.2 == self.video.facts.header.grid.end {
            read.0.check_end()?;
        }
        Ok(self.stretch_of(read))
    }

    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        _near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError> {
        let (_, end) = self.ends();
        let earlier = self.sounds.clone();
        let read = self.read(source, (from, end), false)?;
        read.0.check_end()?;
        if !read.0.samples.iter().any(|sample| sample.sync) {
            return Ok(None);
        }
        if !read.0.sounds.has_all_of(&earlier) {
            return Err(SOUND_ENDS);
        }
        let end_pts = end_of(&read.0.samples, self.picture_ms.ok_or(NO_PACE)?);
        let sounds = read
            .0
            .sounds
            .ends(&self.video.facts.header.streams, end_pts)?;
        Ok(self.stretch_of(read).map(|stretch| Ending {
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
        let facts = &self.video.facts;
        let grid = facts.header.grid;
        let from = grid.begin_behind(places.0);
        let to = grid.begin_behind(places.1);
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or(0)];
        source.read_at(from, &mut bytes)?;
        let mut at = from;
        for packet in bytes.chunks_exact(self.video.packet_bytes()?) {
            let mut payloads = PayloadReader::new(packet, packet.len())?;
            while let Some(payload) = payloads.as_mut().map_or(Ok(None), PayloadReader::next)? {
                let object = payload.object().filter(|_| payload.offset == 0);
                let (true, Some((_, time))) = (payload.stream == facts.stream, object) else {
                    continue;
                };
                let since = time.saturating_sub(facts.header.preroll);
                return Ok(Some((at + payload.header_at as u64, since.into())));
            }
            at += packet.len() as u64;
        }
        Ok(None)
    }

    /// Pictures are shown as they are decoded, and their times rise.
    fn check_order(&self, _stretch: &Stretch) -> Result<(), IndexError> {
        Ok(())
    }

    fn track(&self) -> Result<VideoTrack, IndexError> {
        Ok(self.video.track(self.pixel_aspect))
    }
}
