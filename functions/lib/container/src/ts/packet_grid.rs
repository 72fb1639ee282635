//! Where the packets of a transport stream lie: as far apart from each other from the first to the
//! last.

use crate::IndexError;
use crate::transport::packets::{PACKET_BYTES, Packet, SYNC, packet, synchronized};
use crate::transport::repeats::RepeatFilter;
use source::RangeSource;

/// What may come before the first packet, and a few packets.
const HEAD_BYTES: u64 = 16 << 10;

pub(super) const NO_STREAM: IndexError =
    IndexError::Unsupported("the container is neither MP4, Matroska nor MPEG-TS");
const OUT_OF_STEP: IndexError = IndexError::Damaged("its packets do not follow each other");
const DAMAGED: IndexError = IndexError::Damaged("its sender found packets damaged");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PacketGrid {
    first: u64,
    pub(super) step: u64,
    file_bytes: u64,
}

/// A packet, and where in the file it begins.
pub(super) type PlacedPacket<'a> = (u64, Packet<'a>);

impl PacketGrid {
    pub(super) fn find(source: &dyn RangeSource) -> Result<Self, IndexError> {
        let file_bytes = source.bytes();
        let mut head = vec![0; usize::try_from(HEAD_BYTES.min(file_bytes)).unwrap_or(0)];
        source.read_at(0, &mut head)?;
        let (first, step) = synchronized(&head).ok_or(NO_STREAM)?;
        Ok(Self {
            first: first as u64,
            step: step as u64,
            file_bytes,
        })
    }

    /// The first packet that begins at `at` or after it.
    pub(super) fn aligned(&self, at: u64) -> u64 {
        let steps = at.saturating_sub(self.first).div_ceil(self.step);
        self.first.saturating_add(steps.saturating_mul(self.step))
    }

    /// Behind the last whole packet.
    pub(super) fn end(&self) -> u64 {
        let last = self.file_bytes.saturating_sub(PACKET_BYTES as u64);
        if last < self.first {
            return self.first;
        }
        self.first + ((last - self.first) / self.step + 1) * self.step
    }

    /// Gives the packets from `from` to `to`, both places of packets, to `take` until it has
    /// enough, but for those that are sent for the second time. Reads so many bytes at a time.
    pub(super) fn each(
        &self,
        source: &dyn RangeSource,
        (from, to): (u64, u64),
        window_bytes: u64,
        take: &mut dyn FnMut(PlacedPacket<'_>) -> Result<bool, IndexError>,
    ) -> Result<(), IndexError> {
        let window = (window_bytes / self.step).max(1) * self.step;
        let (mut at, mut bytes) = (from, Vec::new());
        let mut repeats = RepeatFilter::default();
        let mut take_once = |placed: PlacedPacket<'_>| match repeats.is_repeat(&placed.1) {
            true => Ok(true),
            false => take(placed),
        };
        while at < to {
            // The last packet may have nothing behind it.
            let length = window.min(to - at).min(self.file_bytes.saturating_sub(at));
            bytes.resize(usize::try_from(length).unwrap_or(0), 0);
            source.read_at(at, &mut bytes)?;
            if !self.each_of(&bytes, at, &mut take_once)? {
                return Ok(());
            }
            at += window;
        }
        Ok(())
    }

    /// The same of bytes that begin at `at`; whether `take` wants more.
    fn each_of(
        &self,
        bytes: &[u8],
        at: u64,
        take: &mut dyn FnMut(PlacedPacket<'_>) -> Result<bool, IndexError>,
    ) -> Result<bool, IndexError> {
        let mut place = at;
        for whole in bytes.chunks(usize::try_from(self.step).unwrap_or(PACKET_BYTES)) {
            let Some(whole) = whole.get(..PACKET_BYTES) else {
                break;
            };
            if whole[0] != SYNC {
                return Err(OUT_OF_STEP);
            }
            if !take((place, packet(whole).ok_or(DAMAGED)?))? {
                return Ok(false);
            }
            place += self.step;
        }
        Ok(true)
    }
}
