//! When a sound ends: by the frames of its last PES packet.

use super::stream_clock::StreamClock;
use super::stream_kind::SoundCoding;
use crate::IndexError;
use crate::transport::packets::Packet;
use crate::transport::pes::PesHeader;

const ODD_SOUND: IndexError = IndexError::Unsupported("its sound is not in usual PES packets");
const TICKS_PER_SECOND: u64 = 90_000;
/// No PES packet of a sound is longer.
const MOST_BYTES: usize = 1 << 20;
/// Nor lasts longer, where its frames are not read.
const LONGEST_TICKS: i64 = 5 * 90_000;

/// Follows one sound.
#[derive(Debug, Clone)]
pub(super) struct SoundEnd {
    pub(super) stream: u16,
    coding: SoundCoding,
    clock: StreamClock,
    /// What it was before is not known.
    is_joined_late: bool,
    /// Its time, and what it carries.
    last: Option<(i64, Vec<u8>)>,
}

impl SoundEnd {
    pub(super) fn new((stream, coding): (u16, SoundCoding)) -> Self {
        Self {
            stream,
            coding,
            clock: StreamClock::default(),
            is_joined_late: false,
            last: None,
        }
    }

    /// Of one that is followed from somewhere in the file on.
    pub(super) fn joined_late(sound: (u16, SoundCoding)) -> Self {
        Self {
            is_joined_late: true,
            ..Self::new(sound)
        }
    }

    /// To be given the packets of the sound; `now` is the time of the video around here.
    pub(super) fn take(&mut self, packet: &Packet<'_>, now: Option<i64>) -> Result<(), IndexError> {
        if packet.is_scrambled {
            return Ok(());
        }
        let payload = packet.payload;
        if packet.is_start {
            let Some(header) = PesHeader::parse(payload) else {
                return Err(ODD_SOUND);
            };
            let carried = &payload[header.bytes..];
            if let Some(pts) = header.pts {
                // The rest of a sound that ended long ago: multiplexers keep it to the end.
                if self.is_joined_late && StreamClock::is_long_ago(pts, now) {
                    return Ok(());
                }
                let pts = self.clock.next(pts, now)?;
                let mut kept = self.last.take().map(|(_, bytes)| bytes).unwrap_or_default();
                kept.clear();
                kept.extend(carried);
                self.last = Some((pts, kept));
                return Ok(());
            }
            self.extend(carried)
        } else {
            self.extend(payload)
        }
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        if let Some((_, last)) = &mut self.last {
            if last.len() + bytes.len() > MOST_BYTES {
                return Err(ODD_SOUND);
            }
            last.extend(bytes);
        }
        Ok(())
    }

    /// When it ends; none without packets. Frames that are not read must not matter: `end` is when
    /// the video ends.
    pub(super) fn end(&self, end: i64) -> Result<Option<i64>, IndexError> {
        let Some((pts, bytes)) = &self.last else {
            return Ok(None);
        };
        match ticks(self.coding, bytes) {
            Some(ticks) => Ok(Some(pts.saturating_add(ticks))),
            None if pts.saturating_add(LONGEST_TICKS) < end => Ok(Some(*pts)),
            None => Err(ODD_SOUND),
        }
    }
}

/// How long the frames last that lie one behind the other in `bytes`; none where they don't.
pub(crate) fn ticks(coding: SoundCoding, mut bytes: &[u8]) -> Option<i64> {
    let mut ticks = 0.0;
    while !bytes.is_empty() {
        let frame = FrameHeader::parse(coding, bytes)?;
        ticks += (frame.samples * TICKS_PER_SECOND) as f64 / frame.rate as f64;
        bytes = bytes.get(frame.bytes..)?;
    }
    // A minute at most: see above.
    (ticks > 0.0).then_some(ticks as i64)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FrameHeader {
    bytes: usize,
    samples: u64,
    rate: u64,
}

impl FrameHeader {
    fn parse(coding: SoundCoding, bytes: &[u8]) -> Option<Self> {
        let frame = match coding {
            SoundCoding::Adts => adts(bytes),
            SoundCoding::Mpeg => mpeg(bytes),
            SoundCoding::Ac3 => ac3(bytes),
            SoundCoding::Other => None,
        };
        frame.filter(|frame| frame.bytes > 0 && frame.rate > 0)
    }
}

/// ISO/IEC 14496-3, 1.A.2.2.
fn adts(bytes: &[u8]) -> Option<FrameHeader> {
    const RATES: [u64; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000, 7_350,
    ];
    let &[0xff, second, third, fourth, fifth, sixth, seventh, ..] = bytes else {
        return None;
    };
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    (second & 0xf6 == 0xf0).then_some(FrameHeader {
        bytes: length,
        samples: 1024 * (u64::from(seventh & 3) + 1),
        rate: *RATES.get(usize::from(third >> 2 & 0xf))?,
    })
}

/// ISO/IEC 11172-3, 2.4.2.3, and 13818-3: layers II and III.
fn mpeg(bytes: &[u8]) -> Option<FrameHeader> {
    const LAYER_2: [u64; 15] = [
        0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
    ];
    const LAYER_3: [u64; 15] = [
        0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ];
    const LOW: [u64; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [u64; 3] = [44_100, 48_000, 32_000];
    let &[0xff, second, third, ..] = bytes else {
        return None;
    };
    let is_low = match second >> 3 & 3 {
        3 => false,
        2 => true,
        _ => return None,
    };
    let layer = second >> 1 & 3;
    let table = match (second & 0xe0, layer) {
        (0xe0, 1 | 2) if is_low => LOW,
        (0xe0, 1) => LAYER_3,
        (0xe0, 2) => LAYER_2,
        _ => return None,
    };
    let bit_rate = 1000
        * *table
            .get(usize::from(third >> 4))
            .filter(|&&rate| rate > 0)?;
    let rate = RATES.get(usize::from(third >> 2 & 3))? / (1 + u64::from(is_low));
    let samples = if is_low && layer == 1 { 576 } else { 1152 };
    let length = samples / 8 * bit_rate / rate + u64::from(third >> 1 & 1);
    Some(FrameHeader {
        bytes: usize::try_from(length).ok()?,
        samples,
        rate,
    })
}

/// ETSI TS 102 366, 4.3 and 4.4.1.
fn ac3(bytes: &[u8]) -> Option<FrameHeader> {
    const KILOBITS: [u64; 19] = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
    ];
    let &[0x0b, 0x77, _, _, codes, version, ..] = bytes else {
        return None;
    };
    let kilobits = *KILOBITS.get(usize::from(codes >> 1 & 0x1f))?;
    let odd = u64::from(codes & 1);
    let (rate, words) = match codes >> 6 {
        0 => (48_000, kilobits * 2),
        1 => (44_100, kilobits * 1000 * 1536 / 44_100 / 16 + odd),
        2 => (32_000, kilobits * 3),
        _ => return None,
    };
    (version >> 3 <= 8).then_some(FrameHeader {
        bytes: usize::try_from(words * 2).ok()?,
        samples: 1536,
        rate,
    })
}
