//! One video track as both kinds of containers tell it.

use plan::{ClockRepair, CodedSample, Size, TimeBase};
use std::fmt;

/// Everything that is needed to choose, cut and decode.
#[derive(Clone)]
pub struct VideoTrack {
    /// Its number among all tracks of the file, from 0, as ffmpeg counts streams.
    pub stream: usize,
    /// Of all times here.
    pub time_base: TimeBase,
    /// In decoding order.
    pub samples: Vec<CodedSample>,
    /// Samples before which others are not known, as indices, rising: what comes before these
    /// must not be decoded together with them. None where all are known.
    pub gaps: Vec<usize>,
    /// When the last sample's showing ends, ticks.
    pub end_pts: i64,
    /// What the samples are coded in.
    pub codec: Codec,
    /// A visual sample entry of an MP4 `stsd`, whole, its header included: the source's own,
    /// or the one that an MP4 of the same video would have.
    pub entry: Vec<u8>,
    /// As coded, px.
    pub coded: Size,
    /// Shape of a pixel, width to height, where the container says so.
    pub sample_aspect_ratio: Option<(u32, u32)>,
    /// The display matrix of `tkhd`: 16.16 fixed point, the third column 2.30.
    pub matrix: [i32; 9],
    /// As the container says; none where it says nothing.
    pub colour: Option<ColourCodes>,
    /// The audio tracks of the file.
    pub sounds: Vec<SoundTrack>,
    /// What was done to the times that the container gives.
    pub repairs: Vec<ClockRepair>,
}

impl VideoTrack {
    /// Whether samples between `last` and `first`, a later one, are not known.
    #[must_use]
    pub fn has_gap(&self, last: usize, first: usize) -> bool {
        let until = |sample| self.gaps.partition_point(|&gap| gap <= sample);
        until(last) < until(first)
    }
}

impl fmt::Debug for VideoTrack {
    /// Without the samples: there may be millions.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Track")
            .field("stream", &self.stream)
            .field("codec", &self.codec)
            .field("coded", &self.coded)
            .field("samples", &self.samples.len())
            .finish_non_exhaustive()
    }
}

/// An audio track's end on the clock of the presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundTrack {
    /// Ticks of `time_base`.
    pub end_pts: i64,
    /// Of `end_pts`.
    pub time_base: TimeBase,
}

/// Code points of ITU-T H.273, as in `colr` of type `nclx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColourCodes {
    /// Table 2.
    pub primaries: u16,
    /// Table 3.
    pub transfer: u16,
    /// Table 4.
    pub matrix: u16,
    /// `VideoFullRangeFlag`.
    pub full_range: bool,
}

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
            Self::Vp8 | Self::Vp9 | Self::Av1 | Self::Intra(_) => false,
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
            Self::Intra(name) => name,
        }
    }
}
