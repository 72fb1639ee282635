//! Picture order counts of HEVC: ITU-T H.265, 7.3.2.2, 7.3.2.3, 7.3.6.1 and 8.3.1.

use super::low_bits::whole_count;
use crate::bits::BitReader;
use crate::h264_parameters::cropped;
use crate::hevc_units::{
    FIRST_BROKEN_LINK, FIRST_IDR, LAST_BROKEN_LINK, LAST_IDR, LAST_IRAP, LAST_PICTURE, PICTURE,
    SEQUENCE,
};
use crate::nal::{unescaped, units};
use plan::Size;

const HEADER_BYTES: usize = 64;
const PARAMETERS_BYTES: usize = 1024;

#[derive(Debug)]
pub(super) struct OrderCount {
    length_bytes: u8,
    sequence_unit: Vec<u8>,
    picture_unit: Vec<u8>,
    sequence: Sequence,
    picture: PictureParameters,
    /// The count of the last picture of the lowest temporal layer that others may refer to; none
    /// before the first of all.
    before: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Sequence {
    pub(crate) separate_planes: bool,
    pub(crate) count_bits: u32,
    reorders: bool,
    /// As it is shown.
    size: Option<Size>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct PictureParameters {
    pub(crate) has_output_flag: bool,
    pub(crate) extra_bits: u32,
}

fn kind(unit: &[u8]) -> u8 {
    (unit[0] >> 1) & 0x3f
}

impl OrderCount {
    pub(super) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        let (sequence_unit, picture_unit) = parameter_sets(entry)?;
        Some(Self {
            length_bytes,
            sequence: Sequence::parse(sequence_unit)?,
            picture: PictureParameters::parse(picture_unit)?,
            sequence_unit: sequence_unit.to_vec(),
            picture_unit: picture_unit.to_vec(),
            before: None,
        })
    }

    pub(super) fn never_reorders(&self) -> bool {
        !self.sequence.reorders
    }

    /// Whether a period begins, and the count.
    pub(super) fn next(&mut self, sample: &[u8]) -> Option<(bool, i64)> {
        for unit in units(sample, self.length_bytes).filter(|unit| unit.len() > 2) {
            match kind(unit) {
                // Those of other layers are not decoded.
                0..=LAST_PICTURE if layer(unit) == 0 => return self.slice(unit),
                SEQUENCE if layer(unit) == 0 && unit != self.sequence_unit => return None,
                PICTURE if layer(unit) == 0 && unit != self.picture_unit => return None,
                _ => {}
            }
        }
        None
    }

    fn slice(&mut self, unit: &[u8]) -> Option<(bool, i64)> {
        let kind = kind(unit);
        let is_idr = (FIRST_IDR..=LAST_IDR).contains(&kind);
        let begins = is_idr || (FIRST_BROKEN_LINK..=LAST_BROKEN_LINK).contains(&kind);
        let header = unescaped(unit.get(2..)?, HEADER_BYTES);
        let mut bits = BitReader::new(&header);
        let is_first = bits.flag()?;
        if (FIRST_BROKEN_LINK..=LAST_IRAP).contains(&kind) {
            bits.skip(1)?;
        }
        let _picture_parameters = bits.exp_golomb()?;
        if !is_first {
            return None;
        }
        bits.skip(self.picture.extra_bits as usize)?;
        let _slice_type = bits.exp_golomb()?;
        if self.picture.has_output_flag {
            bits.skip(1)?;
        }
        if self.sequence.separate_planes {
            bits.skip(2)?;
        }
        let count = if is_idr {
            0
        } else {
            let low = bits.number(self.sequence.count_bits)?;
            match self.before.filter(|_| !begins) {
                Some(before) => whole_count(low, self.sequence.count_bits, before),
                None => i64::from(low),
            }
        };
        let is_lowest = unit[1] & 7 == 1;
        // Leading pictures, and those of even types below 16, have none count from them.
        let counts = kind >= FIRST_BROKEN_LINK || (kind % 2 == 1 && !(6..=9).contains(&kind));
        if self.before.is_none() || is_lowest && counts {
            self.before = Some(count);
        }
        Some((begins, count))
    }
}

fn layer(unit: &[u8]) -> u8 {
    (unit[0] & 1) << 5 | unit[1] >> 3
}

/// The only ones of `hvcC`: ISO/IEC 14496-15, 8.3.3.1.
pub(crate) fn parameter_sets(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = entry.windows(4).position(|window| window == b"hvcC")?;
    let record = entry.get(at + 4..)?;
    let arrays = *record.get(22)?;
    let mut rest = record.get(23..)?;
    let (mut sequence, mut picture) = (None, None);
    for _ in 0..arrays {
        let kind = rest.first()? & 0x3f;
        let count = u16::from_be_bytes([*rest.get(1)?, *rest.get(2)?]);
        rest = rest.get(3..)?;
        for _ in 0..count {
            let length = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
            let unit = rest.get(2..2 + usize::from(length))?;
            rest = rest.get(2 + usize::from(length)..)?;
            let known = match kind {
                SEQUENCE => &mut sequence,
                PICTURE => &mut picture,
                _ => continue,
            };
            // With several, each slice would have to be asked which is its own.
            if unit.len() < 3 || known.replace(unit).is_some() {
                return None;
            }
        }
    }
    sequence.zip(picture)
}

impl Sequence {
    fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(2..)?, PARAMETERS_BYTES);
        Self::read(&mut BitReader::new(&bytes))
    }

    /// Up to what is said of each temporal layer.
    pub(crate) fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        bits.skip(4)?;
        let more_layers = bits.number(3)?;
        bits.skip(1)?;
        skip_profile(bits, more_layers)?;
        let _id = bits.exp_golomb()?;
        let chroma_format = bits.exp_golomb()?;
        let separate_planes = chroma_format == 3 && bits.flag()?;
        let coded = (bits.exp_golomb()?, bits.exp_golomb()?);
        let size = shown(coded, chroma_format, cropped(bits)?);
        let (_luma, _chroma) = (bits.exp_golomb()?, bits.exp_golomb()?);
        let count_bits = bits.exp_golomb()?.checked_add(4)?;
        let says_of_each_layer = bits.flag()?;
        let mut reorders = false;
        for _ in 0..=if says_of_each_layer { more_layers } else { 0 } {
            let _buffering = bits.exp_golomb()?;
            reorders = bits.exp_golomb()? > 0;
            let _latency = bits.exp_golomb()?;
        }
        (count_bits <= 16).then_some(Self {
            separate_planes,
            count_bits,
            reorders,
            size,
        })
    }
}

/// What is left of a coded size.
fn shown((width, height): (u32, u32), chroma_format: u32, cut: [u32; 4]) -> Option<Size> {
    let [left, right, top, bottom] = cut;
    let (across, down) = match chroma_format {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    };
    let side = |whole: u32, one: u32, other: u32, step: u32| {
        whole.checked_sub(one.checked_add(other)?.checked_mul(step)?)
    };
    Some(Size {
        width: side(width, left, right, across)?,
        height: side(height, top, bottom, down)?,
    })
}

/// How large the pictures of a sequence parameter set are.
pub(crate) fn size(unit: &[u8]) -> Option<Size> {
    Sequence::parse(unit)?.size
}

/// Reads a sequence parameter set up to what is said of each temporal layer. Gives how many bits a
/// picture order count has.
pub(crate) fn reads_to_layers(bits: &mut BitReader<'_>) -> Option<u32> {
    Some(Sequence::read(bits)?.count_bits)
}

/// `profile_tier_level`: ITU-T H.265, 7.3.3.
fn skip_profile(bits: &mut BitReader<'_>, more_layers: u32) -> Option<()> {
    bits.skip(96)?;
    let mut of_layers = 0;
    for _ in 0..more_layers {
        let (has_profile, has_level) = (bits.flag()?, bits.flag()?);
        of_layers += usize::from(has_profile) * 88 + usize::from(has_level) * 8;
    }
    if more_layers > 0 {
        bits.skip(2 * (8 - more_layers as usize))?;
    }
    bits.skip(of_layers)
}

impl PictureParameters {
    pub(crate) fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(2..)?, PARAMETERS_BYTES);
        let mut bits = BitReader::new(&bytes);
        let (_id, _sequence) = (bits.exp_golomb()?, bits.exp_golomb()?);
        let _has_dependent_segments = bits.flag()?;
        Some(Self {
            has_output_flag: bits.flag()?,
            extra_bits: bits.number(3)?,
        })
    }
}
