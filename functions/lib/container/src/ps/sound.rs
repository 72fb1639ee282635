//! When a sound ends: by the frames behind the last time that it has.

use super::packets::ProgramPacket;
use super::program::StreamKey;
use crate::ts::{CLOCK, SoundCoding, nearest, sound_ticks};
use crate::{IndexError, SoundTrack};

const UNSURE: IndexError = IndexError::Unsupported("when its sound ends cannot be told");
/// Between two times of a sound there is less.
const MOST_BYTES: usize = 1 << 20;
/// No frame is longer.
const MOST_FRAME_BYTES: usize = 8192;
/// What has no time of its own lasts no longer, where its frames are not read.
const LONGEST_TICKS: i64 = 5 * 90_000;

/// All sounds that have come.
#[derive(Debug, Default)]
pub(super) struct SoundEnds(Vec<SoundTail>);

#[derive(Debug)]
struct SoundTail {
    key: StreamKey,
    coding: SoundCoding,
    /// The last time, ticks.
    pts: i64,
    /// What the packet that has it carries, and those behind it. It begins amid a frame.
    bytes: Vec<u8>,
}

impl SoundEnds {
    /// Takes a packet of a sound: how it is coded, and what comes before it. `now` is the time of the
    /// video around here.
    pub(super) fn take(
        &mut self,
        key: StreamKey,
        (coding, skipped): (SoundCoding, usize),
        packet: &ProgramPacket<'_>,
        now: i64,
    ) -> Result<(), IndexError> {
        let carried = packet.payload.get(skipped..).unwrap_or_default();
        let known = self.0.iter_mut().find(|tail| tail.key == key);
        match (known, packet.times) {
            (Some(tail), Some((pts, _))) => {
                tail.pts = nearest(i64::try_from(pts).unwrap_or(0), now);
                tail.bytes.clear();
                tail.bytes.extend(carried);
            }
            (Some(tail), None) => tail.bytes.extend(carried),
            (None, Some((pts, _))) => self.0.push(SoundTail {
                key,
                coding,
                pts: nearest(i64::try_from(pts).unwrap_or(0), now),
                bytes: carried.to_vec(),
            }),
            (None, None) => {}
        }
        let is_long = self.0.iter().any(|tail| tail.bytes.len() > MOST_BYTES);
        (!is_long).then_some(()).ok_or(UNSURE)
    }

    /// Whether one has come.
    pub(super) fn has_begun(&self) -> bool {
        !self.0.is_empty()
    }

    /// When each ends, beside pictures that end at `pictures_end`.
    pub(super) fn ends(&self, pictures_end: i64) -> Result<Vec<SoundTrack>, IndexError> {
        let ends = self.0.iter().map(|tail| {
            let ends_before = tail.pts + LONGEST_TICKS < pictures_end;
            let ticks = tail.ticks().or(ends_before.then_some(0)).ok_or(UNSURE)?;
            Ok(SoundTrack {
                end_pts: tail.pts.saturating_add(ticks),
                time_base: CLOCK,
            })
        });
        ends.collect()
    }
}

impl SoundTail {
    /// From the first frame that begins behind the time.
    fn ticks(&self) -> Option<i64> {
        let begins = 0..self.bytes.len().min(MOST_FRAME_BYTES);
        begins
            .into_iter()
            .find_map(|begin| sound_ticks(self.coding, &self.bytes[begin..]))
    }
}
