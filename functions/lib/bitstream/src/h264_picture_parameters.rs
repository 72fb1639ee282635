//! Picture parameter sets of H.264: ITU-T H.264, 7.3.2.2.

use super::bits::BitReader;
use super::nal::unescaped;

const PARAMETERS_BYTES: usize = 64;

/// What matters of a picture parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PictureParameters {
    pub(super) id: u32,
    /// That of its sequence parameter set.
    pub(super) sequence: u32,
    /// None where macroblocks are in several groups (`num_slice_groups_minus1`), which no usual decoder
    /// takes: what follows on that is not read.
    pub(super) slices: Option<SliceParameters>,
}

/// What headers of slices hold by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SliceParameters {
    /// `bottom_field_pic_order_in_frame_present_flag`
    pub(super) has_bottom_difference: bool,
    /// How many pictures each of the two lists of references has where a slice does not say.
    pub(super) references: [u32; 2],
    /// Whether predicted pictures, and those between others, have weights: `weighted_pred_flag`, and
    /// `weighted_bipred_idc` 1.
    pub(super) have_weights: [bool; 2],
    /// `redundant_pic_cnt_present_flag`
    pub(super) counts_redundant: bool,
}

impl PictureParameters {
    /// Of a NAL unit.
    pub(super) fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
        let mut bits = BitReader::new(&bytes);
        Some(Self {
            id: bits.exp_golomb()?,
            sequence: bits.exp_golomb()?,
            slices: SliceParameters::read(&mut bits),
        })
    }
}

impl SliceParameters {
    fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        let _is_arithmetic = bits.flag()?;
        let has_bottom_difference = bits.flag()?;
        let groups_less_one = bits.exp_golomb()?;
        if groups_less_one > 0 {
            return None;
        }
        let references = [bits.exp_golomb()?, bits.exp_golomb()?];
        let have_weights = [bits.flag()?, bits.number(2)? == 1];
        let (_quality, _switching, _chroma) = (
            bits.signed_exp_golomb()?,
            bits.signed_exp_golomb()?,
            bits.signed_exp_golomb()?,
        );
        let (_deblocks, _intra_only) = (bits.flag()?, bits.flag()?);
        Some(Self {
            has_bottom_difference,
            references: references.map(|less_one| less_one.saturating_add(1)),
            have_weights,
            counts_redundant: bits.flag()?,
        })
    }
}
