//! What samples are coded in.

/// What the samples are coded in, as far as the cut path takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// ITU-T H.262.
    Mpeg2,
    /// RFC 9043.
    Ffv1,
    /// Every sample stands alone: Motion JPEG, `ProRes`. With ffmpeg's name of it.
    Intra(&'static str),
}

impl Codec {
    /// Whether pictures may be shown in another order than they are decoded.
    #[must_use]
    pub fn reorders(self) -> bool {
        match self {
            Self::H264 { .. } | Self::Hevc { .. } | Self::Mpeg4 | Self::Mpeg2 => true,
            // What these hold back for later is shown by a sample of its own.
            Self::Vp8 | Self::Vp9 | Self::Av1 | Self::Ffv1 | Self::Intra(_) => false,
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
            Self::Mpeg2 => "mpeg2video",
            Self::Ffv1 => "ffv1",
            Self::Intra(name) => name,
        }
    }
}
