//! The PES packets of one video, in the order of the file: ISO/IEC 13818-1, 2.4.3.6.

use crate::transport::packets::Packet;
use crate::transport::pes::presentation_time;

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
