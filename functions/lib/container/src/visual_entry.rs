//! The sample entry that an MP4 has for a video of another container: ISO/IEC 14496-12, 12.1.3.

use crate::ColourCodes;
use crate::fmp4::boxed;
use plan::Size;

/// The whole entry, its header included; `parts` are the boxes in it.
pub(crate) fn visual_entry(kind: [u8; 4], coded: Size, parts: &[&[u8]]) -> Vec<u8> {
    deep_visual_entry(kind, coded, 24, parts)
}

/// Of pictures with so many bits for a pixel.
pub(crate) fn deep_visual_entry(
    kind: [u8; 4],
    coded: Size,
    depth: u16,
    parts: &[&[u8]],
) -> Vec<u8> {
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes();
    let (width, height) = (side(coded.width), side(coded.height));
    // Reserved, the number of the data reference.
    let head = [0, 0, 0, 0, 0, 0, 0, 1];
    // 72 dots per inch either way, reserved, one frame for each sample.
    let resolution = [0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1];
    let depth = depth.to_be_bytes();
    let fields: [&[u8]; 8] = [
        &head,
        &[0; 16],
        &width,
        &height,
        &resolution,
        &[0; 32],
        &depth,
        // No colour table.
        &[0xff, 0xff],
    ];
    boxed(kind, &[&fields, parts].concat())
}

/// ISO/IEC 14496-12, 12.1.4.
pub(crate) fn pixel_shape((width, height): (u32, u32)) -> Vec<u8> {
    boxed(*b"pasp", &[&width.to_be_bytes(), &height.to_be_bytes()])
}

/// ISO/IEC 14496-12, 12.1.5; without a range, `QuickTime`'s older form.
pub(crate) fn colour_codes(colour: ColourCodes) -> Vec<u8> {
    let codes = [colour.primaries, colour.transfer, colour.matrix].map(u16::to_be_bytes);
    let flag = colour.full_range.map(|is_full| [u8::from(is_full) << 7]);
    let (kind, range): (_, &[u8]) = match &flag {
        Some(flag) => (b"nclx", flag),
        None => (b"nclc", &[]),
    };
    boxed(*b"colr", &[kind, codes.as_flattened(), range])
}

/// `esds` of MPEG-4 part 2.
pub(crate) const MPEG4_VIDEO: u8 = 0x20;
/// `esds` of MPEG-1.
pub(crate) const MPEG1_VIDEO: u8 = 0x6a;
/// `esds` of MPEG-2, main profile.
pub(crate) const MPEG2_VIDEO: u8 = 0x61;

/// `esds`: ISO/IEC 14496-1, 7.2.6.
pub(crate) fn elementary_stream(object_type: u8, specific: &[u8]) -> Vec<u8> {
    // A visual stream; its buffer and bit rates are not said.
    let mut decoder = vec![object_type, 0x11];
    decoder.extend([0; 11]);
    if !specific.is_empty() {
        decoder.extend(descriptor(5, specific));
    }
    let mut stream = vec![0, 1, 0];
    stream.extend(descriptor(4, &decoder));
    stream.extend(descriptor(6, &[2]));
    boxed(*b"esds", &[&[0; 4], &descriptor(3, &stream)])
}

fn descriptor(tag: u8, body: &[u8]) -> Vec<u8> {
    let bytes = body.len();
    let septet = |shift: usize| u8::try_from((bytes >> shift) & 0x7f).unwrap_or(0);
    let mut whole = vec![
        tag,
        septet(21) | 0x80,
        septet(14) | 0x80,
        septet(7) | 0x80,
        septet(0),
    ];
    whole.extend(body);
    whole
}

/// Bytes of a NAL unit's length field, from the byte of an `avcC` or `hvcC` that says so. None where
/// the record is damaged.
pub(crate) fn nal_length_bytes(record: &[u8], at: usize) -> Option<u8> {
    let is_first_version = record.first() == Some(&1);
    let bytes = record.get(at).map(|byte| (byte & 3) + 1);
    bytes.filter(|bytes| is_first_version && matches!(bytes, 1 | 2 | 4))
}
