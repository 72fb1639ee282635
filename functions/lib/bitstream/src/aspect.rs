//! The shape of a pixel, width to height, as parameter sets within the video tell it.

use super::bits::BitReader;
use super::dv::DvFrame;
use super::h264;
use super::h264_parameters::SequenceParameters;
use super::nal::{unescaped, units};
use super::order;
use crate::{Codec, IntraCodec};
use plan::pixel_aspect::{UNSPECIFIED, of_information, of_table};

const PARAMETERS_BYTES: usize = 1024;
/// Headers before the picture are shorter.
const MOST_HEADER_BYTES: usize = 4096;

/// As the last parameter set says that `sample` begins with: (0, 1) where it leaves it open, none
/// where there is no such set, or none that is read here.
#[must_use]
pub fn pixel_aspect(codec: Codec, sample: &[u8]) -> Option<(u32, u32)> {
    match codec {
        Codec::H264 { length_bytes } => {
            let sets = units(sample, length_bytes).filter(|unit| unit[0] & 0x1f == 7);
            of_h264(sets.last()?)
        }
        Codec::Hevc { length_bytes } => {
            let is_set = |unit: &&[u8]| unit.len() > 2 && unit[0] >> 1 == 33 && unit[1] >> 3 == 0;
            of_hevc(units(sample, length_bytes).filter(is_set).last()?)
        }
        Codec::Mpeg2 => of_mpeg2(after_start_code(sample, 0xb3..=0xb3)?),
        Codec::Mpeg4 => of_mpeg4(after_start_code(sample, 0x20..=0x2f)?),
        Codec::Intra(IntraCodec::Dv) => DvFrame::of(sample)?.aspect,
        // Its sequence header is the same throughout: what ffmpeg tells of it first holds for all.
        Codec::Mpeg1 => None,
        Codec::Vp8
        | Codec::Vp9
        | Codec::Av1
        | Codec::Ffv1
        | Codec::Theora
        | Codec::Microsoft(_)
        | Codec::Intra(_) => None,
    }
}

/// As the parameter sets in a sample entry of an MP4 say: (0, 1) where they leave it open, none where
/// there are none that are read here.
#[must_use]
pub fn pixel_aspect_in_entry(entry: &[u8]) -> Option<(u32, u32)> {
    if let Some(unit) = h264::parameter_sets(entry).find(|unit| unit[0] & 0x1f == 7) {
        return of_h264(unit);
    }
    match order::hevc::parameter_sets(entry) {
        Some((sequence, _)) => of_hevc(sequence),
        None => of_mpeg4(after_start_code(entry, 0x20..=0x2f)?),
    }
}

/// As a parameter set says by itself, without the start code before it: see [`pixel_aspect`].
#[must_use]
pub fn aspect_of_parameter_set(codec: &str, set: &[u8]) -> Option<(u32, u32)> {
    match codec {
        "h264" => of_h264(set),
        "hevc" => of_hevc(set),
        "mpeg2video" => of_mpeg2(set.get(1..)?),
        _ => None,
    }
}

fn of_h264(unit: &[u8]) -> Option<(u32, u32)> {
    let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
    let mut bits = BitReader::new(&bytes);
    let parameters = SequenceParameters::read(&mut bits)?;
    if !parameters.frames_only {
        bits.skip(1)?;
    }
    bits.skip(1)?;
    skip_crop(&mut bits)?;
    of_usability(&mut bits)
}

fn of_hevc(unit: &[u8]) -> Option<(u32, u32)> {
    let bytes = unescaped(unit.get(2..)?, PARAMETERS_BYTES);
    let mut bits = BitReader::new(&bytes);
    let count_bits = order::hevc::reads_to_layers(&mut bits)?;
    for _ in 0..6 {
        bits.exp_golomb()?;
    }
    if bits.flag()? && bits.flag()? {
        skip_scaling_lists(&mut bits)?;
    }
    bits.skip(2)?;
    if bits.flag()? {
        bits.skip(8)?;
        let _smallest = (bits.exp_golomb()?, bits.exp_golomb()?);
        bits.skip(1)?;
    }
    skip_reference_sets(&mut bits)?;
    if bits.flag()? {
        let long_term = bits.exp_golomb()?.min(32);
        bits.skip(long_term as usize * (count_bits as usize + 1))?;
    }
    bits.skip(2)?;
    of_usability(&mut bits)
}

/// What `vui_parameters` begins with, where it is there.
fn of_usability(bits: &mut BitReader<'_>) -> Option<(u32, u32)> {
    const EXTENDED: u32 = 255;
    if !bits.flag()? || !bits.flag()? {
        return Some(UNSPECIFIED);
    }
    Some(match bits.number(8)? {
        EXTENDED => (bits.number(16)?, bits.number(16)?),
        idc => of_table(idc),
    })
}

fn skip_crop(bits: &mut BitReader<'_>) -> Option<()> {
    if bits.flag()? {
        for _ in 0..4 {
            bits.exp_golomb()?;
        }
    }
    Some(())
}

/// `scaling_list_data`: ITU-T H.265, 7.3.4.
fn skip_scaling_lists(bits: &mut BitReader<'_>) -> Option<()> {
    for size in 0..4_u32 {
        for _ in 0..if size == 3 { 2 } else { 6 } {
            if !bits.flag()? {
                bits.exp_golomb()?;
                continue;
            }
            let direct = usize::from(size > 1);
            for _ in 0..direct + (16 << (2 * size)).min(64) {
                bits.exp_golomb()?;
            }
        }
    }
    Some(())
}

/// All `st_ref_pic_set` of a sequence: ITU-T H.265, 7.3.7.
fn skip_reference_sets(bits: &mut BitReader<'_>) -> Option<()> {
    const MOST: u32 = 64;
    let sets = bits.exp_golomb()?;
    let mut pictures = 0;
    for set in 0..sets.min(MOST) {
        if set > 0 && bits.flag()? {
            bits.skip(1)?;
            bits.exp_golomb()?;
            let mut kept = 0;
            for _ in 0..=pictures {
                let is_used = bits.flag()?;
                kept += u32::from(is_used || bits.flag()?);
            }
            pictures = kept;
        } else {
            pictures = bits.exp_golomb()?.min(16) + bits.exp_golomb()?.min(16);
            for _ in 0..pictures {
                bits.exp_golomb()?;
                bits.skip(1)?;
            }
        }
    }
    Some(())
}

fn of_mpeg2(header: &[u8]) -> Option<(u32, u32)> {
    let mut bits = BitReader::new(header);
    let size = (bits.number(12)?, bits.number(12)?);
    Some(of_information(bits.number(4)?, size))
}

/// ISO/IEC 14496-2, 6.2.3.
fn of_mpeg4(layer: &[u8]) -> Option<(u32, u32)> {
    const EXTENDED: u32 = 15;
    const MOST_OF_TABLE: u32 = 5;
    let mut bits = BitReader::new(layer);
    bits.skip(1 + 8)?;
    if bits.flag()? {
        bits.skip(4 + 3)?;
    }
    Some(match bits.number(4)? {
        EXTENDED => (bits.number(8)?, bits.number(8)?),
        number @ ..=MOST_OF_TABLE => of_table(number),
        _ => UNSPECIFIED,
    })
}

fn after_start_code(sample: &[u8], codes: std::ops::RangeInclusive<u8>) -> Option<&[u8]> {
    let head = &sample[..sample.len().min(MOST_HEADER_BYTES)];
    let is_it = |window: &[u8]| window[..3] == [0, 0, 1] && codes.contains(&window[3]);
    let at = head.windows(4).position(is_it)?;
    Some(&sample[at + 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mpeg_tells_the_shape_of_the_picture_or_of_a_pixel() {
        let sequence = [0, 0, 1, 0xb3, 0x2d, 0x02, 0x40, 0x33, 0xff];
        let wide = pixel_aspect(Codec::Mpeg2, &sequence);
        assert_eq!(wide, Some((16 * 576, 9 * 720)));
        assert_eq!(pixel_aspect(Codec::Mpeg2, &[0, 0, 1, 0, 0, 8]), None);
        // The fourth of the table, then one of its own: 3 to 2.
        let layer = [0, 0, 1, 0x20, 0x00, 0x88, 0x40];
        assert_eq!(pixel_aspect(Codec::Mpeg4, &layer), Some((12, 11)));
        let own = [0, 0, 1, 0x20, 0x00, 0xbc, 0x0c, 0x08];
        assert_eq!(pixel_aspect(Codec::Mpeg4, &own), Some((3, 2)));
    }
}
