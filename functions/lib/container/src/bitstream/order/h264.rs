//! Picture order counts of H.264: ITU-T H.264, 7.3.2.1, 7.3.3 and 8.2.1.

use super::low_bits::whole_count;
use crate::bitstream::bits::BitReader;
use crate::bitstream::h264::only_parameter_set;
use crate::bitstream::nal::{unescaped, units};

/// Enough for all that comes before the count.
const HEADER_BYTES: usize = 64;
const PARAMETERS_BYTES: usize = 1024;

#[derive(Debug)]
pub(super) struct OrderCount {
    length_bytes: u8,
    unit: Vec<u8>,
    parameters: Parameters,
    /// The count of the last picture that others refer to.
    before: i64,
    decoded: i64,
}

/// What matters of a sequence parameter set.
#[derive(Debug, Clone, Copy)]
struct Parameters {
    separate_planes: bool,
    frame_num_bits: u32,
    /// None where pictures are output as they are decoded.
    count_bits: Option<u32>,
    frames_only: bool,
}

impl OrderCount {
    pub(super) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        let unit = only_parameter_set(entry)?;
        let parameters = Parameters::parse(unit)?;
        Some(Self {
            length_bytes,
            unit: unit.to_vec(),
            parameters,
            before: 0,
            decoded: 0,
        })
    }

    pub(super) fn never_reorders(&self) -> bool {
        self.parameters.count_bits.is_none()
    }

    /// Whether a period begins, and the count.
    pub(super) fn next(&mut self, sample: &[u8]) -> Option<(bool, i64)> {
        for unit in units(sample, self.length_bytes) {
            match unit[0] & 0x1f {
                1 | 2 | 5 => return self.slice(unit),
                // Others than those that the container gives.
                7 if unit != self.unit => return None,
                _ => {}
            }
        }
        None
    }

    fn slice(&mut self, unit: &[u8]) -> Option<(bool, i64)> {
        let Parameters {
            separate_planes,
            frame_num_bits,
            count_bits,
            frames_only,
        } = self.parameters;
        self.decoded += 1;
        let Some(count_bits) = count_bits else {
            return Some((false, self.decoded));
        };
        let is_idr = unit[0] & 0x1f == 5;
        let header = unescaped(unit.get(1..)?, HEADER_BYTES);
        let mut bits = BitReader::new(&header);
        let _first_macroblock = bits.exp_golomb()?;
        let _slice_type = bits.exp_golomb()?;
        let _picture_parameters = bits.exp_golomb()?;
        if separate_planes {
            bits.skip(2)?;
        }
        bits.skip(frame_num_bits as usize)?;
        if !frames_only && bits.flag()? {
            let _is_bottom_field = bits.flag()?;
        }
        if is_idr {
            bits.exp_golomb()?;
            self.before = 0;
        }
        let low = bits.number(count_bits)?;
        let count = whole_count(low, count_bits, self.before);
        if unit[0] & 0x60 != 0 {
            self.before = count;
        }
        Some((is_idr, count))
    }
}

impl Parameters {
    fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
        Self::read(&mut BitReader::new(&bytes))
    }

    /// Up to `frame_mbs_only_flag`.
    fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        let profile = bits.number(8)?;
        bits.skip(16)?;
        let _id = bits.exp_golomb()?;
        let mut separate_planes = false;
        if has_chroma_format(profile) {
            let chroma = bits.exp_golomb()?;
            separate_planes = chroma == 3 && bits.flag()?;
            let (_luma, _chroma) = (bits.exp_golomb()?, bits.exp_golomb()?);
            let _lossless = bits.flag()?;
            if bits.flag()? {
                skip_scaling_lists(bits, if chroma == 3 { 12 } else { 8 })?;
            }
        }
        let frame_num_bits = bits.exp_golomb()?.checked_add(4)?;
        let count_bits = match bits.exp_golomb()? {
            0 => Some(bits.exp_golomb()?.checked_add(4)?),
            2 => None,
            // Counts of type 1 take the whole cycle of expected differences.
            _ => return None,
        };
        let _references = bits.exp_golomb()?;
        let _gaps = bits.flag()?;
        let (_width, _height) = (bits.exp_golomb()?, bits.exp_golomb()?);
        let frames_only = bits.flag()?;
        let is_possible = frame_num_bits <= 16 && count_bits.is_none_or(|bits| bits <= 16);
        is_possible.then_some(Self {
            separate_planes,
            frame_num_bits,
            count_bits,
            frames_only,
        })
    }
}

/// Reads a sequence parameter set up to `frame_mbs_only_flag`, which it gives.
pub(in crate::bitstream) fn reads_to_frames_only(bits: &mut BitReader<'_>) -> Option<bool> {
    Some(Parameters::read(bits)?.frames_only)
}

fn has_chroma_format(profile: u32) -> bool {
    matches!(
        profile,
        100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135
    )
}

/// ITU-T H.264, 7.3.2.1.1.1.
fn skip_scaling_lists(bits: &mut BitReader<'_>, lists: usize) -> Option<()> {
    for list in 0..lists {
        if !bits.flag()? {
            continue;
        }
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                let coded = i64::from(bits.exp_golomb()?);
                let difference = if coded % 2 == 1 {
                    (coded + 1) / 2
                } else {
                    -coded / 2
                };
                next = (last + difference + 256) % 256;
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}
