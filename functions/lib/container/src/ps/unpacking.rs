//! A picture taken out of the packets that it lies in.

use super::packets::{FIRST_SYSTEM_CODE, SECTOR_BYTES, SystemUnit, system_unit};

/// The bytes of a picture: `stored` begins with its first one, amid a packet of its stream, and goes on
/// to its last one, or breaks off before. What comes before the first code of the systems part is of
/// this packet: no video holds such a code.
pub(crate) fn unpacked(stored: &[u8], stream: u8) -> Vec<u8> {
    let is_system = |code: &[u8]| code[..3] == [0, 0, 1] && code[3] >= FIRST_SYSTEM_CODE;
    let first = stored.windows(4).position(is_system);
    let (head, mut rest) = stored.split_at(first.unwrap_or(stored.len()));
    let mut bytes = without_sectors(head).to_vec();
    loop {
        let length = match system_unit(rest, 0) {
            Ok(SystemUnit::Skipped(length) | SystemUnit::Padding(length)) => length,
            Ok(SystemUnit::Packet(packet, length)) => {
                if packet.stream == stream {
                    bytes.extend(packet.payload);
                }
                length
            }
            Ok(SystemUnit::Cut) => {
                bytes.extend(last_payload(rest, stream));
                return bytes;
            }
            Err(_) => return bytes,
        };
        rest = &rest[length..];
    }
}

/// Without the sectors of nothing but zeros that lie behind a packet: see [`super::packets`].
fn without_sectors(packet: &[u8]) -> &[u8] {
    let zeros = packet.iter().rev().take_while(|&&byte| byte == 0).count();
    &packet[..packet.len() - zeros / SECTOR_BYTES * SECTOR_BYTES]
}

/// Of a packet that breaks off as much as there is.
fn last_payload(packet: &[u8], stream: u8) -> Vec<u8> {
    if packet.len() <= 6 || packet[3] != stream {
        return Vec::new();
    }
    let mut whole = packet.to_vec();
    let Ok(length) = u16::try_from(packet.len() - 6) else {
        return Vec::new();
    };
    whole[4..6].copy_from_slice(&length.to_be_bytes());
    match system_unit(&whole, 0) {
        Ok(SystemUnit::Packet(packet, _)) => packet.payload.to_vec(),
        _ => Vec::new(),
    }
}
