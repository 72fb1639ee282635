//! The sample entry that an MP4 of the same video would have: ISO/IEC 14496-12, 12.1.3.

use super::header::TrackEntry;
use super::named_format::NamedFormat;
use crate::fmp4::boxed;
use crate::visual_entry::{
    MPEG1_VIDEO, MPEG2_VIDEO, MPEG4_VIDEO, colour_codes, elementary_stream, nal_length_bytes,
    pixel_shape, visual_entry,
};
use crate::{Codec, IndexError, IntraCodec};
use plan::Size;

const NO_CONFIGURATION: IndexError =
    IndexError::Unsupported("its decoder configuration is damaged");

/// What the codec of a track is, and its name in Matroska's codec registry.
pub(super) fn codec(entry: &TrackEntry) -> Result<Codec, IndexError> {
    if let Some(format) = NamedFormat::of(entry) {
        return format.map(|format| format.codec);
    }
    let private = &entry.private;
    Ok(match entry.codec.as_slice() {
        b"V_MPEG4/ISO/AVC" => Codec::H264 {
            length_bytes: nal_length_bytes(private, 4).ok_or(NO_CONFIGURATION)?,
        },
        b"V_MPEGH/ISO/HEVC" => Codec::Hevc {
            length_bytes: nal_length_bytes(private, 21).ok_or(NO_CONFIGURATION)?,
        },
        b"V_VP8" => Codec::Vp8,
        b"V_VP9" => Codec::Vp9,
        b"V_AV1" if private.len() >= 4 && private[0] == 0x81 => Codec::Av1,
        b"V_AV1" => return Err(NO_CONFIGURATION),
        b"V_MPEG4/ISO/SP" | b"V_MPEG4/ISO/ASP" | b"V_MPEG4/ISO/AP" => Codec::Mpeg4,
        b"V_MPEG2" => Codec::Mpeg2,
        b"V_MJPEG" => Codec::Intra(IntraCodec::MotionJpeg),
        b"V_PRORES" if prores_kind(private).is_some() => Codec::Intra(IntraCodec::ProRes),
        _ => return Err(IndexError::Unsupported("its codec is not one of the usual")),
    })
}

/// The configuration of `ProRes` is its name in a `QuickTime` file.
fn prores_kind(private: &[u8]) -> Option<&[u8; 4]> {
    const KINDS: [&[u8; 4]; 6] = [b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x"];
    KINDS.into_iter().find(|&kind| private == kind)
}

/// The whole entry, its header included.
pub(super) fn sample_entry(
    entry: &TrackEntry,
    codec: Codec,
    coded: Size,
) -> Result<Vec<u8>, IndexError> {
    let ratio = entry.picture.sample_aspect_ratio()?;
    let ratio = ratio.map_or_else(Vec::new, pixel_shape);
    let colour = entry.picture.colour.map_or_else(Vec::new, colour_codes);
    if let Some(format) = NamedFormat::of(entry) {
        let fields = entry.picture.field_order().map_or_else(Vec::new, fields);
        return Ok(format?.sample_entry(coded, &[&fields, &ratio, &colour]));
    }
    let private = &entry.private;
    let (kind, configuration) = match codec {
        Codec::H264 { .. } => (b"avc1", boxed(*b"avcC", &[private])),
        Codec::Hevc { .. } => (b"hev1", boxed(*b"hvcC", &[private])),
        Codec::Vp8 => (b"vp08", vpx_configuration(entry)),
        Codec::Vp9 => (b"vp09", vpx_configuration(entry)),
        Codec::Av1 => (b"av01", boxed(*b"av1C", &[private])),
        Codec::Mpeg4 => (b"mp4v", elementary_stream(MPEG4_VIDEO, private)),
        Codec::Mpeg1 => (b"mp4v", elementary_stream(MPEG1_VIDEO, private)),
        Codec::Mpeg2 => (b"mp4v", elementary_stream(MPEG2_VIDEO, private)),
        // Codecs of which the format is not named as others name it.
        Codec::Ffv1 | Codec::Theora | Codec::Microsoft(_) | Codec::Intra(_) => {
            (prores_kind(private).unwrap_or(b"jpeg"), Vec::new())
        }
    };
    let parts: [&[u8]; 3] = [&configuration, &ratio, &colour];
    Ok(visual_entry(*kind, coded, &parts))
}

/// `fiel` of `QuickTime`: how many fields a picture has, and their order, in the numbers that Matroska
/// took over from there.
fn fields(order: u8) -> Vec<u8> {
    match order {
        0 => boxed(*b"fiel", &[&[1, 0]]),
        order => boxed(*b"fiel", &[&[2, order]]),
    }
}

/// `vpcC`: VP Codec ISO Media File Format Binding, 4. The decoder reads all of it from the
/// pictures themselves.
fn vpx_configuration(entry: &TrackEntry) -> Vec<u8> {
    // The first codec feature is the profile.
    let profile = match entry.private.as_slice() {
        [1, 1, profile, ..] => *profile & 3,
        _ => 0,
    };
    let bits = match entry.picture.bits {
        bits @ (8 | 10 | 12) => bits,
        _ if profile >= 2 => 10,
        _ => 8,
    };
    let colour = entry.picture.colour;
    let full_range = u8::from(colour.and_then(|colour| colour.full_range).unwrap_or(false));
    let code = |code: Option<u16>| code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2);
    let body = [
        profile,
        10,
        (bits << 4) | (1 << 1) | full_range,
        code(colour.map(|colour| colour.primaries)),
        code(colour.map(|colour| colour.transfer)),
        code(colour.map(|colour| colour.matrix)),
        0,
        0,
    ];
    boxed(*b"vpcC", &[&[1, 0, 0, 0], &body])
}
