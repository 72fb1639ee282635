//! The streams of a transport stream whose tables stay the same from beginning to end.

use super::stream_kind::{SoundCoding, StreamKind, tags};
use super::tables::{after_descriptors, body, gathered, identifier};
use crate::error::NOT_ONE;
use crate::transport::packets::Packet;
use crate::{Codec, IndexError};
use std::collections::BTreeMap;

const CHANGES: IndexError = IndexError::Unsupported("its programs change");

/// More programs are in no broadcast.
const MOST_PROGRAMS: usize = 256;
const ASSOCIATION: u16 = 0;
const MAP: u8 = 2;

/// The tables as they come.
#[derive(Debug, Clone, Default)]
pub(super) struct Programs {
    association: TableSection,
    /// By their packet identifiers.
    maps: BTreeMap<u16, TableSection>,
    /// Those of streams, in the order in which ffmpeg counts them.
    streams: Vec<(u16, StreamKind)>,
}

#[derive(Debug, Clone, Default)]
struct TableSection {
    gathering: Vec<u8>,
    whole: Option<Vec<u8>>,
}

impl TableSection {
    /// A section that came for the first time. One that says something else is an error.
    fn take(&mut self, packet: &Packet<'_>, table: u8) -> Result<Option<&[u8]>, IndexError> {
        let Some(section) = gathered(&mut self.gathering, packet) else {
            return Ok(None);
        };
        if section.first() != Some(&table) {
            return Ok(None);
        }
        match &self.whole {
            Some(whole) if *whole == section => Ok(None),
            Some(_) => Err(CHANGES),
            None => Ok(Some(self.whole.insert(section))),
        }
    }
}

impl Programs {
    /// To be given the packets, those that are scrambled left out.
    pub(super) fn take(&mut self, packet: &Packet<'_>) -> Result<(), IndexError> {
        if packet.identifier == ASSOCIATION {
            if let Some(section) = self.association.take(packet, 0)? {
                let programs = body(section, 0).chunks_exact(4);
                let maps: Vec<u16> = programs
                    .filter(|program| program[..2] != [0, 0])
                    .map(|program| identifier(&program[2..]))
                    .take(MOST_PROGRAMS)
                    .collect();
                for map in maps {
                    self.maps.entry(map).or_default();
                }
            }
        } else if let Some(map) = self.maps.get_mut(&packet.identifier)
            && let Some(section) = map.take(packet, MAP)?
        {
            let streams = streams(section);
            for (stream, kind) in streams {
                if !self.streams.iter().any(|&(known, _)| known == stream) {
                    self.streams.push((stream, kind));
                }
            }
        }
        Ok(())
    }

    /// Whether all tables have come.
    pub(super) fn are_known(&self) -> bool {
        !self.maps.is_empty() && self.maps.values().all(|map| map.whole.is_some())
    }

    pub(super) fn count(&self) -> usize {
        self.streams.len()
    }

    /// The only video: its number among the streams, its packet identifier and its codec.
    pub(super) fn video(&self) -> Result<(usize, u16, Codec), IndexError> {
        let mut videos =
            self.streams.iter().enumerate().filter(|(_, (_, kind))| {
                matches!(kind, StreamKind::Video(_) | StreamKind::Unclear)
            });
        match (videos.next(), videos.next()) {
            (Some((number, &(stream, StreamKind::Video(codec)))), None) => {
                Ok((number, stream, codec))
            }
            _ => Err(NOT_ONE),
        }
    }

    pub(super) fn sounds(&self) -> impl Iterator<Item = (u16, SoundCoding)> {
        self.streams
            .iter()
            .filter_map(|&(stream, kind)| match kind {
                StreamKind::Sound(coding) => Some((stream, coding)),
                _ => None,
            })
    }
}

fn streams(section: &[u8]) -> Vec<(u16, StreamKind)> {
    let Some(of_program) = body(section, MAP).get(2..) else {
        return Vec::new();
    };
    let Some(mut rest) = after_descriptors(of_program) else {
        return Vec::new();
    };
    let program_bytes = of_program.len() - rest.len();
    let is_blu_ray = tags(&of_program[2..program_bytes])
        .any(|(tag, body)| tag == 5 && body.starts_with(b"HDMV"));
    let mut found = Vec::new();
    while let [kind, high, low, own @ ..] = rest {
        let Some(after) = after_descriptors(own) else {
            break;
        };
        let descriptors = &own[2..own.len() - after.len()];
        let kind = StreamKind::of(*kind, descriptors, is_blu_ray);
        found.push((identifier(&[*high, *low]), kind));
        rest = after;
    }
    found
}
