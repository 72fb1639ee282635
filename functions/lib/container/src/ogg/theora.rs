//! What the headers of Theora say, and what its granule positions and frames do: the Theora
//! specification, 6.2, 7.1 and appendix A.

use crate::fmp4::boxed;
use crate::visual_entry::visual_entry;
use crate::{Codec, IndexError};
use bitstream::{RandomAccess, random_access};
use plan::{Size, TimeBase};

const ODD_HEADERS: IndexError = IndexError::Unsupported("its headers are not as usual");

const IDENTIFICATION: u8 = 0x80;
const SETUP: u8 = 0x82;
/// The first version of which frames count from 1.
const COUNTS_FROM_ONE: u32 = 0x0003_0201;

/// Whether a stream that begins with this packet is one.
pub(super) fn begins(packet: &[u8]) -> bool {
    packet.starts_with(b"\x80theora")
}

/// The headers, as far as they have come.
#[derive(Debug, Clone, Default)]
pub(super) struct TheoraHeaders {
    /// Identification, comments, setup.
    packets: Vec<Vec<u8>>,
    identification: Option<Identification>,
}

#[derive(Debug, Clone, Copy)]
struct Identification {
    version: u32,
    shown: Size,
    time_base: TimeBase,
    granule_shift: u32,
}

/// What a granule position says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameCount {
    /// Frames up to this one, with it.
    pub(super) frames: i64,
    /// Those of them since the last keyframe.
    pub(super) since_key: i64,
}

impl TheoraHeaders {
    /// Whether all have come.
    pub(super) fn are_whole(&self) -> bool {
        self.packets.len() == 3
    }

    pub(super) fn take(&mut self, packet: Vec<u8>) -> Result<(), IndexError> {
        const MOST_BYTES: usize = 0xffff;
        let kind = IDENTIFICATION + u8::try_from(self.packets.len()).unwrap_or(u8::MAX);
        let is_next = kind <= SETUP && packet.first() == Some(&kind);
        if !is_next || packet.get(1..7) != Some(b"theora") || packet.len() > MOST_BYTES {
            return Err(ODD_HEADERS);
        }
        if kind == IDENTIFICATION {
            let identification = Identification::parse(&packet[7..]);
            self.identification = Some(identification.ok_or(ODD_HEADERS)?);
        }
        self.packets.push(packet);
        Ok(())
    }

    fn identification(&self) -> Result<&Identification, IndexError> {
        let whole = self.identification.as_ref().filter(|_| self.are_whole());
        whole.ok_or(ODD_HEADERS)
    }

    pub(super) fn time_base(&self) -> Result<TimeBase, IndexError> {
        Ok(self.identification()?.time_base)
    }

    /// As pictures are shown.
    pub(super) fn size(&self) -> Result<Size, IndexError> {
        Ok(self.identification()?.shown)
    }

    /// Whether frames count from 1, as in all files but those of the first encoders.
    pub(super) fn counts_from_one(&self) -> Result<bool, IndexError> {
        Ok(self.identification()?.version >= COUNTS_FROM_ONE)
    }

    /// The sample entry that ffmpeg's demuxer of MP4 takes for Theora: by the name that AVI has for it,
    /// with the headers one behind the other, each behind its length.
    pub(super) fn entry(&self) -> Result<Vec<u8>, IndexError> {
        let mut configuration = Vec::new();
        for packet in &self.packets {
            let length = u16::try_from(packet.len()).map_err(|_| ODD_HEADERS)?;
            configuration.extend(length.to_be_bytes());
            configuration.extend(packet);
        }
        let configuration = boxed(*b"glbl", &[&configuration]);
        Ok(visual_entry(*b"theo", self.size()?, &[&configuration]))
    }

    pub(super) fn frame_count(&self, granule: u64) -> Result<FrameCount, IndexError> {
        let shift = self.identification()?.granule_shift;
        let number = |bits: u64| i64::try_from(bits).map_err(|_| ODD_HEADERS);
        let (key, since_key) = (
            number(granule >> shift)?,
            number(granule & ((1 << shift) - 1))?,
        );
        let first = i64::from(!self.counts_from_one()?);
        let frames = key.checked_add(since_key).ok_or(ODD_HEADERS)?;
        Ok(FrameCount {
            frames: frames.checked_add(first).ok_or(ODD_HEADERS)?,
            since_key,
        })
    }
}

impl Identification {
    /// Of version 3.2, as the pages behind it have it.
    fn parse(header: &[u8]) -> Option<Self> {
        let number = |at: usize, bytes: usize| {
            let all = header.get(at..at + bytes)?.iter();
            Some(all.fold(0, |number, &byte| number << 8 | u32::from(byte)))
        };
        let version = number(0, 3)?;
        let blocks = (number(3, 2)?, number(5, 2)?);
        let shown = Size {
            width: number(7, 3)?,
            height: number(10, 3)?,
        };
        let (rate, per) = (number(15, 4)?, number(19, 4)?);
        let granule_shift = number(33, 2)? >> 5 & 0x1f;
        // Others are shown in another size than the demuxer says.
        let fits = shown.width.div_ceil(16) == blocks.0 && shown.height.div_ceil(16) == blocks.1;
        let is_some = shown.width > 0 && shown.height > 0;
        let has_rate = [rate, per]
            .map(u32::cast_signed)
            .iter()
            .all(|&part| part > 0);
        let is_usual = version >> 8 == 0x0302 && fits && is_some && has_rate;
        is_usual.then_some(Self {
            version,
            shown,
            time_base: TimeBase {
                num: per,
                den: rate,
            },
            granule_shift,
        })
    }
}

/// Whether a frame, which is not empty, is a keyframe.
pub(super) fn is_key(frame: &[u8]) -> bool {
    random_access(Codec::Theora, frame) == RandomAccess::Idr
}

/// Whether a packet is a frame, and no further header.
pub(super) fn is_frame(packet: &[u8]) -> bool {
    packet.first().is_none_or(|first| first & 0x80 == 0)
}
