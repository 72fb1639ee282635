//! How the video is coded: `BITMAPINFOHEADER`, and the sample entry that an MP4 of it would have.
//!
//! The entry keeps the four characters that name the codec.

use super::riff::{number, short};
use super::stream_header::StreamHeader;
use crate::fmp4::boxed;
use crate::riff_codec::{has_palette, intra_codec, microsoft_codec};
use crate::visual_entry::{MPEG4_VIDEO, deep_visual_entry, elementary_stream};
use crate::{Codec, IndexError};
use plan::Size;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const NO_SIZE: IndexError = IndexError::Unsupported("its pictures have no size");

const HEADER_BYTES: usize = 40;

/// What `strf` of a video says.
#[derive(Debug, Clone)]
pub(super) struct VideoFormat {
    pub(super) codec: Codec,
    /// Four characters.
    name: [u8; 4],
    pub(super) coded: Size,
    depth: u16,
    /// For the decoder, before the first picture.
    pub(super) configuration: Vec<u8>,
    pixel: Option<(u32, u32)>,
}

impl VideoFormat {
    pub(super) fn parse(stream: &StreamHeader) -> Result<Self, IndexError> {
        let format = &stream.format;
        let side = |at| {
            let side = number(format, at).map(|side| side.cast_signed().unsigned_abs());
            let side = side.filter(|side| (1..=u32::from(u16::MAX)).contains(side));
            side.ok_or(NO_SIZE)
        };
        let coded = Size {
            width: side(4)?,
            height: side(8)?,
        };
        let depth = short(format, 14).ok_or(NO_SIZE)?;
        let name: [u8; 4] = *format[16..].first_chunk().ok_or(ODD_CODEC)?;
        let configuration = format.get(HEADER_BYTES..).unwrap_or_default().to_vec();
        let codec = codec(name, &configuration).ok_or(ODD_CODEC)?;
        if codec != Codec::Mpeg4 && (depth == 0 || has_palette(depth))
            || begins_video(&stream.extra)
        {
            // With a palette, or told what to do where few look.
            return Err(ODD_CODEC);
        }
        Ok(Self {
            codec,
            // As ffmpeg: what it was written by says more than what it is called.
            name: match codec == Codec::Mpeg4 && &stream.handler == b"XVID" {
                true => stream.handler,
                false => name,
            },
            coded,
            depth,
            configuration,
            pixel: stream.pixel,
        })
    }

    pub(super) fn sample_aspect_ratio(&self) -> Option<(u32, u32)> {
        self.pixel
    }

    /// The whole entry, its header included, where this is what the decoder is to know before the
    /// first picture.
    pub(super) fn entry(&self, configuration: &[u8]) -> Vec<u8> {
        let told = match self.codec {
            Codec::Mpeg4 => elementary_stream(MPEG4_VIDEO, configuration),
            _ if configuration.is_empty() => Vec::new(),
            _ => boxed(*b"glbl", &[configuration]),
        };
        let shape = self.pixel.map_or_else(Vec::new, |(width, height)| {
            boxed(*b"pasp", &[&width.to_be_bytes(), &height.to_be_bytes()])
        });
        deep_visual_entry(self.name, self.coded, self.depth, &[&told, &shape])
    }
}

fn begins_video(extra: &[u8]) -> bool {
    extra.windows(3).any(|code| code == [0, 0, 1])
}

fn codec(name: [u8; 4], configuration: &[u8]) -> Option<Codec> {
    match &name.map(|letter| letter.to_ascii_uppercase()) {
        b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"XVIX" | b"RMP4" | b"M4S2" | b"MP4S"
        | b"3IV2" => Some(Codec::Mpeg4),
        _ => intra_codec(name).or_else(|| microsoft_codec(name, configuration)),
    }
}
