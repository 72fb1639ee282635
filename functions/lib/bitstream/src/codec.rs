//! What samples are coded in.

use serde::{Deserialize, Serialize};

/// What the samples are coded in, as far as the cut path takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Codec {
    /// ITU-T H.264.
    H264 {
        /// Bytes of a NAL unit's length field: 1, 2 or 4.
        length_bytes: u8,
    },
    /// ITU-T H.265.
    Hevc {
        /// Bytes of a NAL unit's length field: 1, 2 or 4.
        length_bytes: u8,
    },
    /// RFC 6386.
    Vp8,
    /// The VP9 bitstream.
    Vp9,
    /// The AV1 bitstream.
    Av1,
    /// MPEG-4 part 2.
    Mpeg4,
    /// ISO/IEC 11172-2.
    Mpeg1,
    /// ITU-T H.262.
    Mpeg2,
    /// RFC 9043.
    Ffv1,
    /// The Theora bitstream.
    Theora,
    /// Microsoft's own, of which each picture is shown when it is decoded.
    Microsoft(MicrosoftCodec),
    /// Every sample stands alone.
    Intra(IntraCodec),
}

/// Codecs of which no picture refers to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntraCodec {
    /// Motion JPEG.
    MotionJpeg,
    /// SMPTE RDD 36.
    ProRes,
    /// SMPTE ST 2019-1, also `DNxHR`.
    DnxHd,
    /// SMPTE ST 2073-1.
    CineForm,
    /// IEC 61834-2, SMPTE ST 314 and 370.
    Dv,
    /// ITU-T T.800.
    Jpeg2000,
    /// `HuffYUV`.
    HuffYuv,
    /// ffmpeg's form of `HuffYUV`.
    FfvHuff,
    /// Ut Video.
    UtVideo,
    /// `MagicYUV`.
    MagicYuv,
}

impl IntraCodec {
    /// ffmpeg's name.
    fn name(self) -> &'static str {
        match self {
            Self::MotionJpeg => "mjpeg",
            Self::ProRes => "prores",
            Self::DnxHd => "dnxhd",
            Self::CineForm => "cfhd",
            Self::Dv => "dvvideo",
            Self::Jpeg2000 => "jpeg2000",
            Self::HuffYuv => "huffyuv",
            Self::FfvHuff => "ffvhuff",
            Self::UtVideo => "utvideo",
            Self::MagicYuv => "magicyuv",
        }
    }
}

/// Codecs of which a picture refers to none but the one that is decoded before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MicrosoftCodec {
    /// Microsoft's MPEG-4, version 1.
    Mpeg4V1,
    /// Microsoft's MPEG-4, version 2.
    Mpeg4V2,
    /// Microsoft's MPEG-4, version 3.
    Mpeg4V3,
    /// Windows Media Video 7.
    Wmv1,
    /// Windows Media Video 8.
    Wmv2,
    /// Windows Media Video 9, without B pictures.
    Wmv3 {
        /// So many bits come before what says whether a picture is a keyframe.
        bits_before_type: u8,
    },
}

impl MicrosoftCodec {
    /// ffmpeg's name.
    fn name(self) -> &'static str {
        match self {
            Self::Mpeg4V1 => "msmpeg4v1",
            Self::Mpeg4V2 => "msmpeg4v2",
            Self::Mpeg4V3 => "msmpeg4v3",
            Self::Wmv1 => "wmv1",
            Self::Wmv2 => "wmv2",
            Self::Wmv3 { .. } => "wmv3",
        }
    }
}

impl Codec {
    /// Whether pictures may be shown in another order than they are decoded.
    #[must_use]
    pub fn reorders(self) -> bool {
        match self {
            Self::H264 { .. } | Self::Hevc { .. } | Self::Mpeg4 | Self::Mpeg1 | Self::Mpeg2 => true,
            // What these hold back for later is shown by a sample of its own.
            Self::Vp8
            | Self::Vp9
            | Self::Av1
            | Self::Ffv1
            | Self::Theora
            | Self::Microsoft(_)
            | Self::Intra(_) => false,
        }
    }

    /// ffmpeg's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 { .. } => "h264",
            Self::Hevc { .. } => "hevc",
            Self::Vp8 => "vp8",
            Self::Vp9 => "vp9",
            Self::Av1 => "av1",
            Self::Mpeg4 => "mpeg4",
            Self::Mpeg1 => "mpeg1video",
            Self::Mpeg2 => "mpeg2video",
            Self::Ffv1 => "ffv1",
            Self::Theora => "theora",
            Self::Microsoft(codec) => codec.name(),
            Self::Intra(codec) => codec.name(),
        }
    }
}
