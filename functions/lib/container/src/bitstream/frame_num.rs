//! Gaps of `frame_num` in H.264: ITU-T H.264, 7.4.3 and 8.2.5.2.
//!
//! Where pictures that others refer to are lost, ffmpeg puts copies of the last one in their place,
//! one for each number between that of the picture before and that of the next. The picture before
//! may be one that nothing refers to, which then hides a loss: so such a picture matters where
//! something is lost, and nowhere else. The same holds where gaps are allowed, as where temporal
//! layers were taken off.

use super::bits::BitReader;
use super::h264::{self, parameter_sets};
use super::h264_parameters::SequenceParameters;
use super::h264_units::{IDR, PARTITION_A, PICTURE, SEQUENCE, SLICE};
use super::nal::{unescaped, units};
use super::random_access::RandomAccess;
use crate::Codec;
use std::collections::BTreeMap;

/// Enough for all that comes before the number.
const HEADER_BYTES: usize = 64;

/// ITU-T H.264, A.3.1: no decoder keeps more.
const MOST_REFERENCE_FRAMES: u32 = 16;
/// ITU-T H.264, 7.4.2.1.1 and 7.4.2.2.
const MOST_SEQUENCES: u32 = 32;
const MOST_PICTURES: u32 = 256;

/// Follows samples in decoding order, of which some are not decoded.
#[derive(Debug)]
pub struct GapWatch {
    /// None for other codecs: there nothing is hidden.
    reader: Option<FrameNumReader>,
    /// Of the last sample that is decoded; none where it is unknown.
    decoded: Option<u32>,
    /// Of the last one after it that is not decoded.
    left_out: Option<LeftOut>,
}

#[derive(Debug)]
struct LeftOut {
    /// None where it is unknown.
    number: Option<u32>,
}

impl GapWatch {
    /// For a track with this sample entry.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Self {
        Self {
            reader: FrameNumReader::of(codec, entry),
            decoded: None,
            left_out: None,
        }
    }

    /// Takes the next sample, which is to be decoded or left out. Returns whether the one that was
    /// left out last has to be decoded before it: without it the decoder would fill a gap otherwise
    /// than if it were given all samples.
    pub fn needs_left_out(&mut self, sample: &[u8], is_decoded: bool) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        let picture = reader.next(sample);
        let mut is_needed = false;
        if let Some(LeftOut { number: left_out }) = self.left_out.take() {
            is_needed = match (&picture, self.decoded, left_out) {
                (Some(picture), Some(decoded), Some(left_out)) => {
                    !picture.fills_alike(decoded, left_out)
                }
                // Whatever may be lost here.
                _ => true,
            };
            if is_needed {
                self.decoded = left_out;
            }
        }
        let number = picture.map(|picture| picture.number);
        match is_decoded {
            true => self.decoded = number,
            false => self.left_out = Some(LeftOut { number }),
        }
        is_needed
    }
}

/// Tells of losses that decoders fill up without a word. Follows the samples that are decoded: those
/// that others refer to are all among them.
#[derive(Debug, Default)]
pub struct LossWatch {
    /// None for other codecs, whose decoders complain, or tell nothing of it.
    reader: Option<FrameNumReader>,
    /// The number of the last picture that others refer to; none where it is unknown.
    before: Option<u32>,
}

impl LossWatch {
    /// For a track with this sample entry.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Self {
        Self {
            reader: FrameNumReader::of(codec, entry),
            before: None,
        }
    }

    /// Whether a picture is gone before `sample` that it, or what comes after it, may refer to. What
    /// decoding can begin with needs none.
    pub fn follows_loss(&mut self, sample: &[u8]) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        let Some(picture) = reader.next(sample) else {
            self.before = None;
            return false;
        };
        let length_bytes = reader.length_bytes;
        let begins = h264::random_access(sample, length_bytes) != RandomAccess::None;
        let before = self.before.filter(|_| !begins);
        self.before = match h264::is_referenced(sample, length_bytes) {
            true => Some(picture.number),
            false => before,
        };
        before.is_some_and(|before| picture.lacks_one_after(before))
    }
}

#[derive(Debug, Clone, Copy)]
struct CodedPicture {
    /// `frame_num`.
    number: u32,
    /// It has the decoder forget all others.
    is_idr: bool,
    parameters: SequenceParameters,
}

impl CodedPicture {
    /// Whether a decoder fills up the same before this picture after one with the number `before`,
    /// whether or not there is one with the number `between` in between.
    fn fills_alike(&self, before: u32, between: u32) -> bool {
        let filled = |from, to| filled(&self.parameters, from, to);
        let with = filled(before, between).chain(filled(between, self.number));
        self.is_idr || with.eq(filled(before, self.number))
    }

    /// Whether there was another picture between the last one that others refer to and this one.
    fn lacks_one_after(&self, before: u32) -> bool {
        let range = 1_u32 << self.parameters.frame_num_bits.min(16);
        let distance = self.number.wrapping_sub(before) % range;
        // A picture may have had the numbers begin anew (`memory_management_control_operation` 5).
        let may_begin = self.number <= 1 && distance > 2;
        distance > 1 && !may_begin && !self.parameters.gaps_are_allowed
    }
}

/// The numbers of the frames that a decoder makes up between pictures of these numbers.
fn filled(
    parameters: &SequenceParameters,
    from: u32,
    to: u32,
) -> impl Iterator<Item = u32> + use<> {
    let range = 1_u32 << parameters.frame_num_bits.min(16);
    let distance = to.wrapping_sub(from) % range;
    let most = parameters.reference_frames.min(MOST_REFERENCE_FRAMES);
    let count = distance.saturating_sub(1).min(most);
    (1..=count)
        .rev()
        .map(move |back| to.wrapping_sub(back) % range)
}

/// Reads the numbers of pictures, whichever parameter set they use.
#[derive(Debug)]
struct FrameNumReader {
    length_bytes: u8,
    sequences: BTreeMap<u32, SequenceParameters>,
    /// The sequence parameter set of each picture parameter set.
    pictures: BTreeMap<u32, u32>,
}

impl FrameNumReader {
    /// None for other codecs than H.264.
    fn of(codec: Codec, entry: &[u8]) -> Option<Self> {
        match codec {
            Codec::H264 { length_bytes } => Some(Self::new(entry, length_bytes)),
            _ => None,
        }
    }

    fn new(entry: &[u8], length_bytes: u8) -> Self {
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

    /// Of the picture in a sample, of which the beginning is enough.
    fn next(&mut self, sample: &[u8]) -> Option<CodedPicture> {
        for unit in units(sample, self.length_bytes) {
            match unit[0] & 0x1f {
                SLICE | PARTITION_A | IDR => return self.slice(unit),
                _ => self.take_parameters(unit),
            }
        }
        None
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
                let set = picture_parameters(unit);
                if let Some((id, sequence)) = set.filter(|(id, _)| *id < MOST_PICTURES) {
                    self.pictures.insert(id, sequence);
                }
            }
            _ => {}
        }
    }

    fn slice(&self, unit: &[u8]) -> Option<CodedPicture> {
        let header = unescaped(unit.get(1..)?, HEADER_BYTES);
        let mut bits = BitReader::new(&header);
        let _first_macroblock = bits.exp_golomb()?;
        let _slice_type = bits.exp_golomb()?;
        let picture = bits.exp_golomb()?;
        let parameters = *self.sequences.get(self.pictures.get(&picture)?)?;
        if parameters.separate_planes {
            bits.skip(2)?;
        }
        Some(CodedPicture {
            number: bits.number(parameters.frame_num_bits)?,
            is_idr: unit[0] & 0x1f == IDR,
            parameters,
        })
    }
}

/// The number of a picture parameter set, and that of its sequence parameter set.
fn picture_parameters(unit: &[u8]) -> Option<(u32, u32)> {
    let header = unescaped(unit.get(1..)?, HEADER_BYTES);
    let mut bits = BitReader::new(&header);
    Some((bits.exp_golomb()?, bits.exp_golomb()?))
}

#[cfg(test)]
mod tests;
