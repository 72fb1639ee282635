//! Packets of a transport stream, and the PES packets in them: ISO/IEC 13818-1, 2.4.3.

pub(crate) mod packets;
pub(crate) mod pes;
pub(crate) mod repeats;

use packets::PACKET_BYTES;
use pes::PesHeader;
use repeats::RepeatFilter;

/// The bytes of an access unit within the packets of a stretch of the file that begins with its first
/// one; of what breaks off as much as there is.
pub(crate) fn unpacked(stretch: &[u8], step: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(stretch.len());
    let (mut video, mut repeats) = (None, RepeatFilter::default());
    for whole in stretch.chunks(step.max(1)) {
        let packet = whole.get(..PACKET_BYTES).and_then(packets::packet);
        let Some(packet) = packet else {
            continue;
        };
        let is_other = video.is_some_and(|video| video != packet.identifier);
        if is_other || repeats.is_repeat(&packet) {
            continue;
        }
        match video {
            None => {
                let header = PesHeader::parse(packet.payload);
                let begin = header.map_or(packet.payload.len(), |header| header.bytes);
                bytes.extend(&packet.payload[begin..]);
                video = Some(packet.identifier);
            }
            Some(_) => bytes.extend(packet.payload),
        }
    }
    bytes
}
