//! Packets one after the other: ISO/IEC 13818-1, 2.4.3.2.

use super::pes::has_scrambled_payload;

pub(crate) const SYNC: u8 = 0x47;
pub(crate) const PACKET_BYTES: usize = 188;
/// From one packet to the next: plain; with a time before each (`.m2ts`); with a checksum.
const STEPS: [usize; 3] = [188, 192, 204];
/// So many in a row are no accident.
const IN_A_ROW: usize = 5;

/// What matters of a packet.
#[derive(Debug)]
pub(crate) struct Packet<'a> {
    pub(crate) identifier: u16,
    /// A section of a table, or a PES packet, begins in it.
    pub(crate) is_start: bool,
    /// Itself, or the PES packet that begins in it.
    pub(crate) is_scrambled: bool,
    /// Empty where it has none.
    pub(crate) payload: &'a [u8],
    /// Counts the packets of its stream that have a payload, in four bits; none where it has none.
    pub(crate) counter: Option<u8>,
    /// Neither that count nor a clock goes on from the packet before.
    pub(crate) is_discontinuous: bool,
}

/// Cuts bytes into packets.
#[derive(Debug, Default)]
pub(crate) struct PacketReader {
    step: Option<usize>,
    /// The start of a packet whose end has not come yet.
    left: Vec<u8>,
}

impl PacketReader {
    /// Gives each packet to `take`; whether there was one.
    pub(crate) fn each(&mut self, bytes: &[u8], take: &mut dyn FnMut(Packet<'_>)) -> bool {
        let joined = [std::mem::take(&mut self.left).as_slice(), bytes].concat();
        let (mut at, mut found) = (0, false);
        while let Some(whole) = joined.get(at..at + PACKET_BYTES) {
            match self.step {
                Some(step) if whole[0] == SYNC => {
                    found = true;
                    if let Some(packet) = packet(whole) {
                        take(packet);
                    }
                    at += step;
                }
                _ => match synchronized(&joined[at..]) {
                    Some((skipped, step)) => {
                        at += skipped;
                        self.step = Some(step);
                    }
                    None => return found,
                },
            }
        }
        self.left = joined.get(at..).unwrap_or_default().to_vec();
        found
    }
}

/// Where the next packets begin, and how far they are apart.
pub(crate) fn synchronized(bytes: &[u8]) -> Option<(usize, usize)> {
    let is_start =
        |at: usize, step: usize| (0..IN_A_ROW).all(|nth| bytes.get(at + nth * step) == Some(&SYNC));
    (0..bytes.len()).find_map(|at| {
        let step = STEPS.into_iter().find(|&step| is_start(at, step))?;
        Some((at, step))
    })
}

/// None where its sender found it damaged.
pub(crate) fn packet(whole: &[u8]) -> Option<Packet<'_>> {
    let &[_, high, low, control, ..] = whole else {
        return None;
    };
    let is_damaged = high & 0x80 != 0;
    if is_damaged {
        return None;
    }
    let has_payload = control & 0x10 != 0;
    let adaptation = if control & 0x20 == 0 {
        0
    } else {
        1 + usize::from(*whole.get(4)?)
    };
    let is_start = high & 0x40 != 0;
    let payload = whole
        .get(4 + adaptation..)
        .filter(|_| has_payload)
        .unwrap_or_default();
    let is_scrambled = has_payload && control & 0xc0 != 0;
    Some(Packet {
        identifier: u16::from_be_bytes([high & 0x1f, low]),
        is_start,
        is_scrambled: is_scrambled || is_start && has_scrambled_payload(payload),
        payload,
        counter: has_payload.then_some(control & 0x0f),
        is_discontinuous: adaptation > 1 && whole.get(5).is_some_and(|flags| flags & 0x80 != 0),
    })
}
