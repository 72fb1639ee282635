//! Packets of a clip, to be changed.

use std::ops::RangeTo;
use std::path::Path;

const PACKET_BYTES: usize = 188;
/// ffmpeg's first stream.
pub(super) const VIDEO: u16 = 0x100;

#[derive(Clone)]
pub(super) struct Stream(Vec<Vec<u8>>);

fn identifier(packet: &[u8]) -> u16 {
    u16::from_be_bytes([packet[1] & 0x1f, packet[2]])
}

fn is_start(packet: &[u8]) -> bool {
    packet[1] & 0x40 != 0
}

/// Where the payload begins; none where there is none.
fn payload(packet: &[u8]) -> Option<usize> {
    let adaptation = match packet[3] & 0x20 {
        0 => 0,
        _ => 1 + usize::from(packet[4]),
    };
    (packet[3] & 0x10 != 0).then_some(4 + adaptation)
}

impl Stream {
    pub(super) fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let packets = bytes.chunks_exact(PACKET_BYTES).map(<[u8]>::to_vec);
        Self(packets.collect())
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Every third packet once more.
    pub(super) fn with_repeats(&self) -> Self {
        let twice = self.0.iter().enumerate().flat_map(|(nth, packet)| {
            let is_twice = nth % 3 == 1 && payload(packet).is_some();
            std::iter::repeat_n(packet.clone(), 1 + usize::from(is_twice))
        });
        Self(twice.collect())
    }

    /// Without these units of a stream; what is left counts on.
    pub(super) fn without(&self, stream: u16, units: RangeTo<usize>) -> Self {
        let (mut begun, mut kept) = (0, Vec::new());
        for packet in &self.0 {
            let is_it = identifier(packet) == stream;
            begun += usize::from(is_it && is_start(packet));
            if !is_it || begun > units.end {
                kept.push(packet.clone());
            }
        }
        Self(kept)
    }

    /// With times of the video that are so many ticks later from its unit `first` on.
    pub(super) fn shifted(&self, first: usize, ticks: i64) -> Self {
        let (mut begun, mut shifted) = (0, self.clone());
        for packet in &mut shifted.0 {
            if identifier(packet) != VIDEO || !is_start(packet) {
                continue;
            }
            begun += 1;
            if begun > first {
                let at = payload(packet).unwrap();
                shift_times(&mut packet[at..], ticks);
            }
        }
        shifted
    }
}

/// Of a PES packet that begins so.
fn shift_times(unit: &mut [u8], ticks: i64) {
    for (flag, at) in [(0x80, 9), (0x40, 14)] {
        if unit[7] & flag != 0 {
            let time: &mut [u8; 5] = (&mut unit[at..at + 5]).try_into().unwrap();
            shift_time(time, ticks);
        }
    }
}

fn shift_time(time: &mut [u8; 5], ticks: i64) {
    let bits = time
        .iter()
        .fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
    let part = |at: u32, count: u32| (bits >> at & ((1 << count) - 1)) as i64;
    let was = part(33, 3) << 30 | part(17, 15) << 15 | part(1, 15);
    let is = (was + ticks).rem_euclid(1 << 33) as u64;
    let kept = bits & 0xf1_0001_0001;
    let high = (is >> 30 & 7) << 33 | (is >> 15 & 0x7fff) << 17 | (is & 0x7fff) << 1;
    time.copy_from_slice(&(kept | high).to_be_bytes()[3..]);
}
