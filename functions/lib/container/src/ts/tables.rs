//! Which streams are videos: the program association table and the program map tables.
//! ISO/IEC 13818-1, 2.4.4.

use crate::transport::packets::Packet;
use std::collections::{BTreeMap, BTreeSet};

/// More programs are in no broadcast.
const MOST_PROGRAMS: usize = 256;
const SECTION_HEADER_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 4;

/// As far as they are known.
#[derive(Debug, Default)]
pub(super) struct ProgramTables {
    pub(super) videos: BTreeSet<u16>,
    /// Their type says so, not their packets.
    pub(super) encrypted_videos: BTreeSet<u16>,
    /// Sections as far as they have come, of each table that is wanted.
    maps: BTreeMap<u16, Vec<u8>>,
    association: Vec<u8>,
}

impl ProgramTables {
    pub(super) fn take(&mut self, packet: &Packet<'_>) {
        if packet.identifier == 0 {
            if let Some(section) = gathered(&mut self.association, packet) {
                self.read_association(&section);
            }
        } else if let Some(known) = self.maps.get_mut(&packet.identifier)
            && let Some(section) = gathered(known, packet)
        {
            self.read_map(&section);
        }
    }

    fn read_association(&mut self, section: &[u8]) {
        for program in body(section, 0).chunks_exact(4) {
            let is_program = program[..2] != [0, 0];
            if is_program && self.maps.len() < MOST_PROGRAMS {
                self.maps.entry(identifier(&program[2..])).or_default();
            }
        }
    }

    fn read_map(&mut self, section: &[u8]) {
        const MAP: u8 = 2;
        let body = body(section, MAP);
        // The clock's packets, then descriptors of the program.
        let mut streams = body
            .get(2..)
            .and_then(|rest| after_descriptors(rest))
            .unwrap_or_default();
        while let [kind, high, low, rest @ ..] = streams {
            let stream = identifier(&[*high, *low]);
            match kind {
                // MPEG-1, MPEG-2, MPEG-4, H.264, H.265 and H.266 with their enhancements, JPEG
                // 2000, AVS, Dirac, VC-1; private data may be AV1.
                0x01
                | 0x02
                | 0x06
                | 0x10
                | 0x1b
                | 0x1e..=0x25
                | 0x28..=0x33
                | 0x42
                | 0xd1
                | 0xd2
                | 0xd4
                | 0xea => {
                    self.videos.insert(stream);
                }
                // Encrypted H.264: MPEG-2 Stream Encryption Format for HTTP Live Streaming, 2.3.
                0xdb => {
                    self.encrypted_videos.insert(stream);
                }
                _ => {}
            }
            let Some(rest) = after_descriptors(rest) else {
                break;
            };
            streams = rest;
        }
    }
}

/// A whole section, once it is there.
pub(super) fn gathered(known: &mut Vec<u8>, packet: &Packet<'_>) -> Option<Vec<u8>> {
    if packet.is_start {
        let (&pointer, rest) = packet.payload.split_first()?;
        *known = rest.get(usize::from(pointer)..)?.to_vec();
    } else if !known.is_empty() {
        known.extend(packet.payload);
    }
    let &[_, high, low, ..] = known.as_slice() else {
        return None;
    };
    // Twelve bits, so that this is bounded.
    let length = 3 + usize::from(u16::from_be_bytes([high & 0x0f, low]));
    let section = known.get(..length)?.to_vec();
    known.clear();
    Some(section)
}

/// What a section of this table holds between its header and its checksum; nothing of another.
pub(super) fn body(section: &[u8], table: u8) -> &[u8] {
    let end = section.len().saturating_sub(CHECKSUM_BYTES);
    let is_it = section.first() == Some(&table);
    let body = section.get(SECTION_HEADER_BYTES..end);
    body.filter(|_| is_it).unwrap_or_default()
}

pub(super) fn identifier(bytes: &[u8]) -> u16 {
    match bytes {
        &[high, low, ..] => u16::from_be_bytes([high & 0x1f, low]),
        _ => 0,
    }
}

/// What follows on a length of twelve bits and so many bytes.
pub(super) fn after_descriptors(bytes: &[u8]) -> Option<&[u8]> {
    let length = u16::from_be_bytes([bytes.first()? & 0x0f, *bytes.get(1)?]);
    bytes.get(2 + usize::from(length)..)
}
