//! What picture parameter sets of H.264 say of slice headers: ITU-T H.264, 7.3.2.2.

use crate::bitstream::bits::BitReader;
use crate::bitstream::nal::unescaped;

const PARAMETERS_BYTES: usize = 64;

/// What matters of a picture parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PictureParameters {
    pub(super) id: u32,
    pub(super) sequence: u32,
    /// Slices say how the counts of both fields differ.
    pub(super) has_field_difference: bool,
    /// References of a P slice that does not say how many.
    pub(super) active: u32,
}

impl PictureParameters {
    /// Of a NAL unit. None where slices are other than those of plain P pictures.
    pub(super) fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
        let bits = &mut BitReader::new(&bytes);
        let (id, sequence) = (bits.exp_golomb()?, bits.exp_golomb()?);
        let _arithmetic = bits.flag()?;
        let has_field_difference = bits.flag()?;
        let slice_groups = bits.exp_golomb()?;
        let (active, _backward) = (bits.exp_golomb()?, bits.exp_golomb()?);
        let is_weighted = bits.flag()?;
        bits.skip(2)?;
        // Signed numbers are as long as unsigned ones.
        for _quantiser in 0..3 {
            bits.exp_golomb()?;
        }
        let (_deblocking, _constrained) = (bits.flag()?, bits.flag()?);
        let has_redundant = bits.flag()?;
        let is_plain = slice_groups == 0 && !is_weighted && !has_redundant;
        is_plain.then_some(Self {
            id,
            sequence,
            has_field_difference,
            active: active.checked_add(1)?,
        })
    }
}
