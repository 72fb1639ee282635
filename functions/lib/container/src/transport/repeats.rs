//! Packets that are sent twice: ISO/IEC 13818-1, 2.4.3.3. Of two that follow each other in one
//! stream and have the same count, the second says nothing new. Demuxers that take it for more of
//! the video, as ffmpeg's does, give the decoder parts of a picture twice.

use super::packets::Packet;
use std::collections::BTreeMap;

/// Tells them from those that come for the first time. To be given packets in their order.
#[derive(Debug, Default)]
pub(crate) struct RepeatFilter {
    /// By packet identifiers.
    last: BTreeMap<u16, LastPacket>,
}

#[derive(Debug, Default)]
struct LastPacket {
    counter: u8,
    is_start: bool,
    payload: Vec<u8>,
    /// It has come twice: one that is the same again comes after others that are lost.
    is_repeated: bool,
}

impl RepeatFilter {
    /// Whether this is one that came before. Only its clock may differ, which no payload holds.
    pub(crate) fn is_repeat(&mut self, packet: &Packet<'_>) -> bool {
        let Some(counter) = packet.counter else {
            return false;
        };
        let last = self.last.entry(packet.identifier).or_default();
        let is_same = last.counter == counter
            && last.is_start == packet.is_start
            && !last.payload.is_empty()
            && last.payload == packet.payload;
        if is_same && !last.is_repeated {
            last.is_repeated = true;
            return true;
        }
        last.counter = counter;
        last.is_start = packet.is_start;
        last.is_repeated = false;
        last.payload.clear();
        last.payload.extend(packet.payload);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::packets::PACKET_BYTES;
    use super::super::packets::packet;
    use super::*;

    fn of(stream: u8, counter: u8, content: u8) -> Vec<u8> {
        let mut whole = vec![content; PACKET_BYTES];
        whole[..4].copy_from_slice(&[0x47, 0, stream, 0x10 | counter]);
        whole
    }

    #[test]
    fn the_second_of_two_is_a_repeat_whatever_lies_between() {
        let packets = [
            (of(7, 3, 1), false),
            (of(8, 3, 1), false),
            (of(7, 3, 1), true),
            (of(8, 4, 1), false),
            (of(7, 4, 1), false),
            (of(8, 4, 2), false),
            (of(7, 4, 1), true),
            // Fifteen others are lost.
            (of(7, 4, 1), false),
        ];
        let mut filter = RepeatFilter::default();
        for (nth, (whole, is_repeat)) in packets.iter().enumerate() {
            let packet = packet(whole).unwrap();
            assert_eq!(filter.is_repeat(&packet), *is_repeat, "packet {nth}");
        }
    }
}
