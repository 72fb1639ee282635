//! A picture taken out of the packets that it lies in.

use super::data_packet::{Payload, PayloadReader, begins_packet, lone_payload};
use crate::IndexError;

/// The bytes of an object: `stored` begins with the header of its first payload, or with the packet that
/// this one fills, and goes on to its last byte, or breaks off before. Packets have so many bytes.
pub(crate) fn unpacked(stored: &[u8], packet_bytes: usize) -> Vec<u8> {
    let mut object = ObjectBytes::default();
    // What is damaged was no sample.
    let _ = object.take_all(stored, packet_bytes);
    object.bytes
}

#[derive(Debug, Default)]
struct ObjectBytes {
    /// Its stream and number, and how long it is.
    object: Option<(u8, u8, usize)>,
    bytes: Vec<u8>,
}

impl ObjectBytes {
    fn take_all(&mut self, stored: &[u8], packet_bytes: usize) -> Result<(), IndexError> {
        let mut rest = stored;
        if !begins_packet(stored) {
            let Some(first) = lone_payload(stored)? else {
                return Ok(());
            };
            self.take(&first);
            rest = stored.get(first.end..).unwrap_or_default();
            let padding = rest.iter().take_while(|&&byte| byte == 0).count();
            rest = &rest[padding..];
        }
        while !rest.is_empty() && !self.is_whole() {
            let packet = &rest[..rest.len().min(packet_bytes)];
            let Some(mut payloads) = PayloadReader::new(packet, packet_bytes)? else {
                return Ok(());
            };
            while !self.is_whole()
                && let Some(payload) = payloads.next()?
            {
                self.take(&payload);
            }
            rest = &rest[packet.len()..];
        }
        Ok(())
    }

    fn take(&mut self, payload: &Payload<'_>) {
        let Some((bytes, _)) = payload.object() else {
            return;
        };
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        let of = (payload.stream, payload.number, bytes);
        if *self.object.get_or_insert(of) == of {
            self.bytes.extend(payload.bytes);
        }
    }

    fn is_whole(&self) -> bool {
        self.object
            .is_some_and(|(.., bytes)| self.bytes.len() >= bytes)
    }
}
