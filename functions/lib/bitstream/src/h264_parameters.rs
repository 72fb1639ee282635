//! Sequence parameter sets of H.264: ITU-T H.264, 7.3.2.1.

use super::bits::BitReader;
use super::nal::unescaped;
use plan::Size;

const PARAMETERS_BYTES: usize = 1024;

/// What matters of a sequence parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SequenceParameters {
    pub(super) id: u32,
    pub(super) separate_planes: bool,
    pub(super) frame_num_bits: u32,
    pub(super) order: PictureOrder,
    /// `max_num_ref_frames`.
    pub(super) reference_frames: u32,
    /// Numbers of pictures that are none.
    pub(super) gaps_are_allowed: bool,
    pub(super) frames_only: bool,
    /// `chroma_format_idc`: 1 where nothing is said.
    chroma_format: u32,
    /// `pic_width_in_mbs_minus1` and `pic_height_in_map_units_minus1`.
    units_less_one: (u32, u32),
}

/// How slices tell the order of output: `pic_order_cnt_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureOrder {
    /// So many low bits of the count.
    LowBits(u32),
    /// Differences to what is expected, unless they are never written.
    Differences { are_written: bool },
    /// Pictures are output as they are decoded.
    AsDecoded,
}

impl SequenceParameters {
    /// Of a NAL unit.
    pub(super) fn parse(unit: &[u8]) -> Option<Self> {
        let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
        Self::read(&mut BitReader::new(&bytes))
    }

    /// Up to `frame_mbs_only_flag`.
    pub(super) fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        let profile = bits.number(8)?;
        bits.skip(16)?;
        let id = bits.exp_golomb()?;
        let mut separate_planes = false;
        let mut chroma_format = 1;
        if has_chroma_format(profile) {
            let chroma = bits.exp_golomb()?;
            chroma_format = chroma;
            separate_planes = chroma == 3 && bits.flag()?;
            let (_luma, _chroma) = (bits.exp_golomb()?, bits.exp_golomb()?);
            let _lossless = bits.flag()?;
            if bits.flag()? {
                skip_scaling_lists(bits, if chroma == 3 { 12 } else { 8 })?;
            }
        }
        let frame_num_bits = bits.exp_golomb()?.checked_add(4)?;
        let order = PictureOrder::read(bits)?;
        let reference_frames = bits.exp_golomb()?;
        let gaps_are_allowed = bits.flag()?;
        let units_less_one = (bits.exp_golomb()?, bits.exp_golomb()?);
        let frames_only = bits.flag()?;
        (frame_num_bits <= 16).then_some(Self {
            id,
            separate_planes,
            frame_num_bits,
            order,
            reference_frames,
            gaps_are_allowed,
            frames_only,
            chroma_format,
            units_less_one,
        })
    }

    /// Whether pictures have planes of colour that are predicted as the first one is.
    pub(super) fn has_colour(&self) -> bool {
        self.chroma_format != 0 && !self.separate_planes
    }

    /// As it is shown: what follows on what is read is the part that is cut off.
    pub(super) fn size(&self, bits: &mut BitReader<'_>) -> Option<Size> {
        let fields = 2 - u32::from(self.frames_only);
        if !self.frames_only {
            bits.skip(1)?;
        }
        let _direct_inference = bits.flag()?;
        let [left, right, top, bottom] = cropped(bits)?;
        let (across, down) = match self.chroma_format {
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        let side = |less_one: u32, unit: u32, cut: u32, step: u32| {
            let whole = less_one.checked_add(1)?.checked_mul(unit)?;
            whole.checked_sub(cut.checked_mul(step)?)
        };
        let (width, height) = self.units_less_one;
        Some(Size {
            width: side(width, 16, left.checked_add(right)?, across)?,
            height: side(height, 16 * fields, top.checked_add(bottom)?, down * fields)?,
        })
    }
}

/// What is cut off each side, where that is said.
pub(super) fn cropped(bits: &mut BitReader<'_>) -> Option<[u32; 4]> {
    let mut sides = [0; 4];
    if bits.flag()? {
        for side in &mut sides {
            *side = bits.exp_golomb()?;
        }
    }
    Some(sides)
}

impl PictureOrder {
    fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        match bits.exp_golomb()? {
            0 => {
                let count_bits = bits.exp_golomb()?.checked_add(4)?;
                (count_bits <= 16).then_some(Self::LowBits(count_bits))
            }
            1 => {
                let are_written = !bits.flag()?;
                // Signed numbers are as long as unsigned ones.
                let (_not_referred_to, _bottom) = (bits.exp_golomb()?, bits.exp_golomb()?);
                let cycle = bits.exp_golomb()?;
                if cycle > 255 {
                    return None;
                }
                for _ in 0..cycle {
                    bits.exp_golomb()?;
                }
                Some(Self::Differences { are_written })
            }
            2 => Some(Self::AsDecoded),
            _ => None,
        }
    }
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
                let difference = bits.signed_exp_golomb()?;
                next = (last + difference + 256) % 256;
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}
