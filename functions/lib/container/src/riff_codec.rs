//! Codecs by the four characters that RIFF files name them with.
//!
//! ffmpeg's demuxer of MP4 knows these names, so that what is fed keeps them: decoders know by them
//! whose quirks to follow.

use crate::{Codec, IntraCodec, MicrosoftCodec};
use bitstream::microsoft;

/// Of which each sample stands alone. None where it is another codec.
pub(crate) fn intra_codec(name: [u8; 4]) -> Option<Codec> {
    Some(Codec::Intra(match &name.map(|c| c.to_ascii_uppercase()) {
        b"MJPG" => IntraCodec::MotionJpeg,
        b"DVSD" => IntraCodec::Dv,
        b"HFYU" => IntraCodec::HuffYuv,
        b"FFVH" => IntraCodec::FfvHuff,
        b"ULRG" | b"ULRA" | b"ULY0" | b"ULY2" | b"ULY4" | b"ULH0" | b"ULH2" | b"ULH4" | b"UQRG"
        | b"UQRA" | b"UQY0" | b"UQY2" => IntraCodec::UtVideo,
        b"AVDN" | b"AVDH" => IntraCodec::DnxHd,
        b"CFHD" => IntraCodec::CineForm,
        b"M8RG" | b"M8RA" | b"M8Y4" | b"M8Y2" | b"M8Y0" | b"M8YA" | b"M8G0" => IntraCodec::MagicYuv,
        _ => return None,
    }))
}

/// Microsoft's own; `configuration` is for its decoder. None where it is another codec, or where
/// pictures may be shown in another order than they are decoded.
pub(crate) fn microsoft_codec(name: [u8; 4], configuration: &[u8]) -> Option<Codec> {
    let codec = match &name.map(|c| c.to_ascii_uppercase()) {
        b"MPG4" | b"MP41" => MicrosoftCodec::Mpeg4V1,
        b"MP42" | b"DIV2" => MicrosoftCodec::Mpeg4V2,
        b"MP43" | b"DIV3" | b"DIV4" | b"DIV5" | b"DIV6" | b"MPG3" | b"AP41" | b"COL0" | b"COL1"
        | b"DVX3" => MicrosoftCodec::Mpeg4V3,
        b"WMV1" => MicrosoftCodec::Wmv1,
        b"WMV2" => MicrosoftCodec::Wmv2,
        b"WMV3" => microsoft::wmv3(configuration)?,
        _ => return None,
    };
    Some(Codec::Microsoft(codec))
}

/// Whether pictures with so many bits for a pixel have a palette, as demuxers of `QuickTime` take it.
pub(crate) fn has_palette(depth: u16) -> bool {
    matches!(depth & 0x1f, 1 | 2 | 4 | 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_microsoft_tell_the_codec_and_its_configuration_what_is_left_to_ffmpeg() {
        let name = |name: &[u8; 4], told: &[u8]| microsoft_codec(*name, told).map(Codec::name);
        assert_eq!(name(b"div3", &[]), Some("msmpeg4v3"));
        assert_eq!(name(b"MP42", &[]), Some("msmpeg4v2"));
        assert_eq!(name(b"WMV3", &[0x4d, 0xf1, 0x08, 0x01]), Some("wmv3"));
        // With B pictures, without a header, and of the advanced profile.
        assert_eq!(name(b"WMV3", &[0x4d, 0xf1, 0x08, 0x11]), None);
        assert_eq!(name(b"WMV3", &[]), None);
        assert_eq!(name(b"WVC1", &[0xc0, 0xf1, 0x08, 0x01]), None);
    }
}
