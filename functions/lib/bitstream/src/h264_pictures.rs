//! The pictures of H.264 in samples, told from the headers of their slices.

use super::h264::parameter_sets;
use super::h264_parameters::SequenceParameters;
use super::h264_picture_parameters::PictureParameters;
use super::h264_slice::{HeaderRest, ListMove, PictureKeeping, SliceHeader, SliceStep};
use super::h264_units::{IDR, PARTITION_A, PICTURE, SEQUENCE, SLICE};
use super::nal::units;
use crate::Codec;
use std::collections::BTreeMap;

/// Of one list: of the fields of 16 frames.
const MOST_MOVES: usize = 32;

/// ITU-T H.264, 7.4.2.1.1 and 7.4.2.2.
const MOST_SEQUENCES: u32 = 32;
const MOST_PICTURES: u32 = 256;

/// What the slices of one picture refer to, and what it has decoders keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PictureLists {
    pub(super) slices: Vec<SliceLists>,
    /// By how much lower the numbers are of the pictures that are given up.
    pub(super) given_up: Vec<u32>,
    /// Where others may refer to it, it is kept in place of the oldest.
    pub(super) is_kept_in_turn: bool,
}

/// How the lists of one slice are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SliceLists {
    /// Pictures that are shown later are in them, too.
    pub(super) is_between: bool,
    /// How many pictures each list has, and which are put at its front.
    pub(super) lists: [(usize, Vec<ListMove>); 2],
}

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

    /// Of the picture in `sample`, whose first slice was just read. None of fields, of what keeps
    /// pictures for long or begins numbers anew, and where slices are unusual.
    pub(super) fn lists(&self, first: &SliceHeader, sample: &[u8]) -> Option<PictureLists> {
        let mut lists = PictureLists {
            slices: Vec::new(),
            given_up: Vec::new(),
            is_kept_in_turn: first.rest?.keeping == PictureKeeping::InTurn,
        };
        for unit in units(sample, self.length_bytes) {
            match unit[0] & 0x1f {
                SLICE | IDR => {
                    let (slice, given_up) = self.slice_lists(first, unit)?;
                    lists.slices.push(slice);
                    lists.given_up = given_up;
                }
                // 2 to 4: partitions.
                PARTITION_A..IDR => return None,
                _ => {}
            }
        }
        Some(lists)
    }

    fn slice_lists(&self, first: &SliceHeader, unit: &[u8]) -> Option<(SliceLists, Vec<u32>)> {
        let mut moves = [Vec::new(), Vec::new()];
        let mut given_up = Vec::new();
        let mut told = |step| match step {
            SliceStep::Move(list, step) => moves[list].push(step),
            SliceStep::GiveUp(lower) => given_up.push(lower),
        };
        let sets = |id| self.sets(id);
        let slice = SliceHeader::parse_with_steps(unit, sets, &mut told)?;
        let rest = slice.rest?;
        let is_told = (slice.is_predicted() || slice.is_between() || slice.is_intra())
            && slice.is_of_picture(first)
            && !slice.is_field
            && !rest.moves_others
            && rest.keeping != PictureKeeping::Long
            && !rest.restarts
            && moves.iter().all(|moves| moves.len() <= MOST_MOVES);
        let [first, second] = moves;
        let [most, most_second] = rest.references.map(|count| count as usize);
        let lists = SliceLists {
            is_between: slice.is_between(),
            lists: [(most, first), (most_second, second)],
        };
        is_told.then_some((lists, given_up))
    }

    fn slice(&self, unit: &[u8]) -> Option<SliceHeader> {
        SliceHeader::parse(unit, |id| self.sets(id))
    }

    fn sets(&self, id: u32) -> Option<(SequenceParameters, PictureParameters)> {
        let picture = *self.pictures.get(&id)?;
        Some((*self.sequences.get(&picture.sequence)?, picture))
    }
}
