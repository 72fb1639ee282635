//! Codecs of which each sample stands alone, by the four characters that RIFF files name them with.
//!
//! ffmpeg's demuxer of MP4 knows these names, so that what is fed keeps them: decoders know by them
//! whose quirks to follow.

use crate::Codec;

/// None where it is another codec.
pub(crate) fn intra_codec(name: [u8; 4]) -> Option<Codec> {
    Some(Codec::Intra(match &name.map(|c| c.to_ascii_uppercase()) {
        b"MJPG" => "mjpeg",
        b"DVSD" => "dvvideo",
        b"HFYU" => "huffyuv",
        b"FFVH" => "ffvhuff",
        b"ULRG" | b"ULRA" | b"ULY0" | b"ULY2" | b"ULY4" | b"ULH0" | b"ULH2" | b"ULH4" | b"UQRG"
        | b"UQRA" | b"UQY0" | b"UQY2" => "utvideo",
        b"AVDN" | b"AVDH" => "dnxhd",
        b"CFHD" => "cfhd",
        b"M8RG" | b"M8RA" | b"M8Y4" | b"M8Y2" | b"M8Y0" | b"M8YA" | b"M8G0" => "magicyuv",
        _ => return None,
    }))
}

/// Whether pictures with so many bits for a pixel have a palette, as demuxers of `QuickTime` take it.
pub(crate) fn has_palette(depth: u16) -> bool {
    matches!(depth & 0x1f, 1 | 2 | 4 | 8)
}
