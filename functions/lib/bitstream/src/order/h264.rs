//! Picture order counts of H.264: ITU-T H.264, 8.2.1.

use super::low_bits::whole_count;
use crate::frame_num::ReferenceNumbers;
use crate::h264::{is_slice, only_parameter_set};
use crate::h264_parameters::{PictureOrder, SequenceParameters};
use crate::h264_pictures::PictureReader;
use crate::h264_slice::SliceHeader;
use crate::h264_units::SEQUENCE;
use crate::nal::units;

#[derive(Debug)]
pub(super) struct OrderCount {
    unit: Vec<u8>,
    pictures: PictureReader,
    numbers: ReferenceNumbers,
    /// None where pictures are output as they are decoded.
    count_bits: Option<u32>,
    /// The count of the last picture that others refer to.
    before: i64,
    decoded: i64,
}

impl OrderCount {
    pub(super) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        let unit = only_parameter_set(entry)?;
        let count_bits = match SequenceParameters::parse(unit)?.order {
            PictureOrder::LowBits(bits) => Some(bits),
            PictureOrder::AsDecoded => None,
            // These counts take the whole cycle of expected differences.
            PictureOrder::Differences { .. } => return None,
        };
        Some(Self {
            unit: unit.to_vec(),
            pictures: PictureReader::new(entry, length_bytes),
            numbers: ReferenceNumbers::default(),
            count_bits,
            before: 0,
            decoded: 0,
        })
    }

    pub(super) fn never_reorders(&self) -> bool {
        self.count_bits.is_none()
    }

    /// Whether a period begins, and the count. None also where pictures are lost, or a header says what
    /// can't be: counts go on from those of pictures before.
    pub(super) fn next(&mut self, sample: &[u8]) -> Option<(bool, i64)> {
        let length_bytes = self.pictures.length_bytes;
        let mut before = units(sample, length_bytes).take_while(|unit| !is_slice(unit));
        // Others than those that the container gives.
        if before.any(|unit| unit[0] & 0x1f == SEQUENCE && unit != self.unit) {
            return None;
        }
        let picture = self.pictures.next(sample);
        let follows_loss = self.numbers.follow_loss(picture, sample, length_bytes);
        let picture = picture.filter(|picture| picture.can_begin() && !follows_loss)?;
        self.decoded += 1;
        Some(match picture.low_count.zip(self.count_bits) {
            Some((low, bits)) => self.counted(&picture, low, bits),
            None => (false, self.decoded),
        })
    }

    fn counted(&mut self, picture: &SliceHeader, low: u32, bits: u32) -> (bool, i64) {
        if picture.is_idr {
            self.before = 0;
        }
        let count = whole_count(low, bits, self.before);
        let rest = picture.rest.filter(|rest| rest.restarts);
        if let Some(rest) = rest {
            // The lower of the counts of its fields becomes 0.
            self.before = (-rest.bottom_difference).max(0);
            return (true, self.before);
        }
        if picture.is_referenced {
            self.before = count;
        }
        (picture.is_idr, count)
    }
}
