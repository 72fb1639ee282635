//! Picture order counts of H.264: ITU-T H.264, 7.3.3 and 8.2.1.

use super::low_bits::whole_count;
use crate::bitstream::bits::BitReader;
use crate::bitstream::h264::only_parameter_set;
use crate::bitstream::h264_parameters::{PictureOrder, SequenceParameters};
use crate::bitstream::nal::{unescaped, units};

/// Enough for all that comes before the count.
const HEADER_BYTES: usize = 64;

#[derive(Debug)]
pub(super) struct OrderCount {
    length_bytes: u8,
    unit: Vec<u8>,
    parameters: SequenceParameters,
    /// None where pictures are output as they are decoded.
    count_bits: Option<u32>,
    /// The count of the last picture that others refer to.
    before: i64,
    decoded: i64,
}

impl OrderCount {
    pub(super) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        let unit = only_parameter_set(entry)?;
        let parameters = SequenceParameters::parse(unit)?;
        let count_bits = match parameters.order {
            PictureOrder::LowBits(bits) => Some(bits),
            PictureOrder::AsDecoded => None,
            // These counts take the whole cycle of expected differences.
            PictureOrder::Differences => return None,
        };
        Some(Self {
            length_bytes,
            unit: unit.to_vec(),
            parameters,
            count_bits,
            before: 0,
            decoded: 0,
        })
    }

    pub(super) fn never_reorders(&self) -> bool {
        self.count_bits.is_none()
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
        let SequenceParameters {
            separate_planes,
            frame_num_bits,
            frames_only,
            ..
        } = self.parameters;
        self.decoded += 1;
        let Some(count_bits) = self.count_bits else {
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
