//! The PES packets of one video, in the order of the file: ISO/IEC 13818-1, 2.4.3.6.

use super::packets::Packet;

/// What matters of a PES packet: as a rule it holds one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PesUnit {
    /// Presentation time, ticks of 90 kHz in 33 bits. None where it is not said, or scrambled.
    pub pts: Option<u64>,
    /// A packet of it is.
    pub is_scrambled: bool,
}

/// Puts the units of one video together from its packets.
#[derive(Debug)]
pub(super) struct UnitReader {
    video: u16,
    most: usize,
    pub(super) units: Vec<PesUnit>,
}

impl UnitReader {
    /// No more than `most` are kept.
    pub(super) fn new(video: u16, most: usize) -> Self {
        Self {
            video,
            most,
            units: Vec::new(),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.units.len() > self.most
    }

    pub(super) fn take(&mut self, packet: &Packet<'_>) {
        if packet.identifier != self.video || self.is_full() {
            return;
        }
        match self.units.last_mut() {
            Some(unit) if !packet.is_start => unit.is_scrambled |= packet.is_scrambled,
            // What is scrambled from the start has a beginning that was not seen.
            None if !packet.is_start && !packet.is_scrambled => {}
            _ => self.units.push(PesUnit {
                pts: presentation_time(packet.payload),
                is_scrambled: packet.is_scrambled,
            }),
        }
    }
}

/// What a PES packet of a video begins with, up to its flags.
pub(super) fn has_scrambled_payload(payload: &[u8]) -> bool {
    flags(payload).is_some_and(|flags| flags & 0x30 != 0)
}

/// `10`, `PES_scrambling_control` and what follows on it.
fn flags(payload: &[u8]) -> Option<u8> {
    match payload {
        // Videos, and extended identifiers: VC-1, Dirac.
        [0, 0, 1, 0xe0..=0xef | 0xfd, _, _, flags, ..] if flags & 0xc0 == 0x80 => Some(*flags),
        _ => None,
    }
}

fn presentation_time(payload: &[u8]) -> Option<u64> {
    flags(payload)?;
    let &[high, a, b, c, d] = payload.get(9..14)? else {
        return None;
    };
    let is_there = payload[7] & 0x80 != 0;
    let pair = |one: u8, other: u8| u64::from(u16::from_be_bytes([one, other]) >> 1);
    is_there.then(|| u64::from(high >> 1 & 7) << 30 | pair(a, b) << 15 | pair(c, d))
}
