//! Kinds of pictures: fields that are coded by themselves, and pictures that need no other.

use super::bits::BitReader;
use super::h264_parameters::SequenceParameters;
use super::mpeg::Mpeg2Picture;
use super::nal::unescaped;

const HEADER_BYTES: usize = 64;

/// Whether a slice of H.264 is of one field: ITU-T H.264, 7.3.3. None where that is not read.
#[must_use]
pub fn is_h264_field(sequence: &[u8], slice: &[u8]) -> Option<bool> {
    let parameters = SequenceParameters::parse(sequence)?;
    if parameters.frames_only {
        return Some(false);
    }
    let header = unescaped(slice.get(1..)?, HEADER_BYTES);
    let mut bits = BitReader::new(&header);
    let _first_macroblock = bits.exp_golomb()?;
    let _slice_type = bits.exp_golomb()?;
    let _picture_parameters = bits.exp_golomb()?;
    if parameters.separate_planes {
        bits.skip(2)?;
    }
    bits.skip(parameters.frame_num_bits as usize)?;
    bits.flag()
}

/// Whether a slice of H.264 refers to no other picture.
#[must_use]
pub fn is_h264_intra(slice: &[u8]) -> bool {
    let kind = || {
        let header = unescaped(slice.get(1..)?, HEADER_BYTES);
        let mut bits = BitReader::new(&header);
        let _first_macroblock = bits.exp_golomb()?;
        bits.exp_golomb()
    };
    kind().is_none_or(|kind| matches!(kind % 5, 2 | 4))
}

/// Whether a picture of MPEG-2 is one field. None where there is no picture.
#[must_use]
pub fn is_mpeg2_field(sample: &[u8]) -> Option<bool> {
    Some(Mpeg2Picture::of(sample)?.is_field)
}
