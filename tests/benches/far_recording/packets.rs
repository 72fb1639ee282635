//! A minute of a transport stream again and again, as one that goes on.

use crate::MINUTE_MS;
use std::collections::BTreeMap;
use std::path::Path;

const PACKET_BYTES: usize = 188;

pub(crate) struct Recording {
    minute: Vec<u8>,
    minutes: u64,
    /// How many packets that count each stream has in a minute.
    counted: BTreeMap<u16, u64>,
}

impl Recording {
    pub(crate) fn of(minute: &Path, minutes: u64) -> Self {
        let minute = std::fs::read(minute).unwrap();
        let mut counted = BTreeMap::new();
        for packet in minute.chunks_exact(PACKET_BYTES) {
            *counted.entry(identifier(packet)).or_default() += u64::from(has_payload(packet));
        }
        Self {
            minute,
            minutes,
            counted,
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.minute.len() as u64 * self.minutes
    }

    /// From `from` up to `until`.
    pub(crate) fn part(&self, from: u64, until: u64) -> Vec<u8> {
        let packet_bytes = PACKET_BYTES as u64;
        let first = from / packet_bytes;
        let mut bytes = Vec::new();
        for nth in first..until.div_ceil(packet_bytes) {
            bytes.extend(self.packet(nth));
        }
        let begin = usize::try_from(from - first * packet_bytes).unwrap();
        bytes.drain(..begin);
        bytes.truncate(usize::try_from(until - from).unwrap());
        bytes
    }

    fn packet(&self, nth: u64) -> Vec<u8> {
        let in_minute = self.minute.len() as u64 / PACKET_BYTES as u64;
        let (minute, nth) = (nth / in_minute, usize::try_from(nth % in_minute).unwrap());
        let mut packet = self.minute[nth * PACKET_BYTES..][..PACKET_BYTES].to_vec();
        let counted = self.counted[&identifier(&packet)];
        let counter = u64::from(packet[3] & 0x0f) + minute * counted;
        packet[3] = packet[3] & 0xf0 | (counter & 0x0f) as u8;
        shift(&mut packet, minute * MINUTE_MS * 90);
        packet
    }
}

fn identifier(packet: &[u8]) -> u16 {
    u16::from_be_bytes([packet[1] & 0x1f, packet[2]])
}

fn has_payload(packet: &[u8]) -> bool {
    packet[3] & 0x10 != 0
}

/// Its clocks, so many ticks later.
fn shift(packet: &mut [u8], ticks: u64) {
    let has_adaptation = packet[3] & 0x20 != 0;
    let adaptation = if has_adaptation {
        1 + usize::from(packet[4])
    } else {
        0
    };
    if adaptation > 6 && packet[5] & 0x10 != 0 {
        let bits = packet[6..11]
            .iter()
            .fold(0, |bits, &byte| bits << 8 | u64::from(byte));
        let clock = ((bits >> 7) + ticks) << 7 | bits & 0x7f;
        packet[6..11].copy_from_slice(&clock.to_be_bytes()[3..]);
    }
    let is_start = packet[1] & 0x40 != 0;
    let unit = &mut packet[4 + adaptation..];
    if !is_start || unit.len() < 19 || unit[..3] != [0, 0, 1] {
        return;
    }
    for (flag, at) in [(0x80, 9), (0x40, 14)] {
        if unit[7] & flag != 0 {
            shift_time(&mut unit[at..at + 5], ticks);
        }
    }
}

fn shift_time(time: &mut [u8], ticks: u64) {
    let bits = time
        .iter()
        .fold(0, |bits, &byte| bits << 8 | u64::from(byte));
    let part = |at: u32, mask: u64| bits >> at & mask;
    let is = (part(33, 7) << 30 | part(17, 0x7fff) << 15 | part(1, 0x7fff)) + ticks;
    let placed = (is >> 30 & 7) << 33 | (is >> 15 & 0x7fff) << 17 | (is & 0x7fff) << 1;
    let kept = bits & 0xf1_0001_0001;
    time.copy_from_slice(&(kept | placed).to_be_bytes()[3..]);
}
