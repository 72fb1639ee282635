//! The pictures of H.264 in samples, told from the headers of their slices.

use super::h264::parameter_sets;
use super::h264_parameters::SequenceParameters;
use super::h264_picture_parameters::PictureParameters;
use super::h264_slice::{HeaderRest, SliceHeader};
use super::h264_units::{IDR, PARTITION_A, PICTURE, SEQUENCE, SLICE};
use super::nal::units;
use crate::Codec;
use std::collections::BTreeMap;

/// ITU-T H.264, 7.4.2.1.1 and 7.4.2.2.
const MOST_SEQUENCES: u32 = 32;
const MOST_PICTURES: u32 = 256;

/// Reads the headers of pictures, whichever parameter sets they use.
#[derive(Debug)]
pub(super) struct PictureReader {
    pub(super) length_bytes: u8,
    sequences: BTreeMap<u32, SequenceParameters>,
    pictures: BTreeMap<u32, PictureParameters>,
}

impl PictureReader {
    /// None for other codecs than H.264.
    pub(super) fn of(codec: Codec, entry: &[u8]) -> Option<Self> {
        match codec {
            Codec::H264 { length_bytes } => Some(Self::new(entry, length_bytes)),
            _ => None,
        }
    }

    pub(super) fn new(entry: &[u8], length_bytes: u8) -> Self {
        let mut reader = Self {
            length_bytes,
            sequences: BTreeMap::new(),
            pictures: BTreeMap::new(),
        };
        for unit in parameter_sets(entry) {
            reader.take_parameters(unit);
        }
        reader
    }

    /// The first slice of the picture in a sample, of which the beginning is enough. Numbers begin anew
    /// after it where they do after the other field.
    pub(super) fn next(&mut self, sample: &[u8]) -> Option<SliceHeader> {
        let mut units = units(sample, self.length_bytes);
        let mut first = loop {
            let unit = units.next()?;
            match unit[0] & 0x1f {
                SLICE | PARTITION_A | IDR => break self.slice(unit)?,
                _ => self.take_parameters(unit),
            }
        };
        // A first macroblock with the number 0 is a bit that is set.
        let begins = |unit: &&[u8]| unit.get(1).is_some_and(|&byte| byte & 0x80 != 0);
        let fields = units.filter(|unit| matches!(unit[0] & 0x1f, SLICE | PARTITION_A | IDR));
        if first.is_field {
            for field in fields.filter(begins).filter_map(|unit| self.slice(unit)) {
                let (one, other) = (first.rest, field.rest);
                first.rest = one.zip(other).map(|(one, other)| HeaderRest {
                    restarts: one.restarts || other.restarts,
                    ..one
                });
            }
        }
        Some(first)
    }

    fn take_parameters(&mut self, unit: &[u8]) {
        match unit[0] & 0x1f {
            SEQUENCE => {
                let set = SequenceParameters::parse(unit);
                if let Some(set) = set.filter(|set| set.id < MOST_SEQUENCES) {
                    self.sequences.insert(set.id, set);
                }
            }
            PICTURE => {
                let set = PictureParameters::parse(unit);
                if let Some(set) = set.filter(|set| set.id < MOST_PICTURES) {
                    self.pictures.insert(set.id, set);
                }
            }
            _ => {}
        }
    }

    fn slice(&self, unit: &[u8]) -> Option<SliceHeader> {
        SliceHeader::parse(unit, |id| {
            let picture = *self.pictures.get(&id)?;
            Some((*self.sequences.get(&picture.sequence)?, picture))
        })
    }
}
