//! How AVI and ASF say that pictures are coded, `BITMAPINFOHEADER`, and the sample entry that an MP4 of
//! them would have.
//!
//! The entry keeps the four characters that name the codec.

use crate::fmp4::boxed;
use crate::little_endian::{number, short};
use crate::riff_codec::{has_palette, intra_codec, microsoft_codec};
use crate::visual_entry::{MPEG4_VIDEO, deep_visual_entry, elementary_stream};
use crate::{Codec, IndexError};
use plan::Size;

pub(crate) const ODD_CODEC: IndexError =
    IndexError::Unsupported("its codec is not one of the usual");
const NO_SIZE: IndexError = IndexError::Unsupported("its pictures have no size");

const HEADER_BYTES: usize = 40;

/// What the header says.
#[derive(Debug, Clone)]
pub(crate) struct BitmapFormat {
    pub(crate) codec: Codec,
    /// Four characters.
    pub(crate) name: [u8; 4],
    pub(crate) coded: Size,
    depth: u16,
    /// For the decoder, before the first picture.
    pub(crate) configuration: Vec<u8>,
}

impl BitmapFormat {
    pub(crate) fn parse(format: &[u8]) -> Result<Self, IndexError> {
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
        let name = format.get(16..).and_then(<[u8]>::first_chunk);
        let name = *name.ok_or(ODD_CODEC)?;
        let configuration = format.get(HEADER_BYTES..).unwrap_or_default().to_vec();
        let codec = codec(name, &configuration).ok_or(ODD_CODEC)?;
        if codec != Codec::Mpeg4 && (depth == 0 || has_palette(depth)) {
            return Err(ODD_CODEC);
        }
        Ok(Self {
            codec,
            name,
            coded,
            depth,
            configuration,
        })
    }

    /// The whole entry, its header included, where this is what the decoder is to know before the
    /// first picture, and the shape of a pixel.
    pub(crate) fn entry(&self, configuration: &[u8], pixel: Option<(u32, u32)>) -> Vec<u8> {
        let told = match self.codec {
            Codec::Mpeg4 => elementary_stream(MPEG4_VIDEO, configuration),
            _ if configuration.is_empty() => Vec::new(),
            _ => boxed(*b"glbl", &[configuration]),
        };
        let shape = pixel.map_or_else(Vec::new, |(width, height)| {
            boxed(*b"pasp", &[&width.to_be_bytes(), &height.to_be_bytes()])
        });
        deep_visual_entry(self.name, self.coded, self.depth, &[&told, &shape])
    }
}

fn codec(name: [u8; 4], configuration: &[u8]) -> Option<Codec> {
    match &name.map(|letter| letter.to_ascii_uppercase()) {
        b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"XVIX" | b"RMP4" | b"M4S2" | b"MP4S"
        | b"3IV2" => Some(Codec::Mpeg4),
        _ => intra_codec(name).or_else(|| microsoft_codec(name, configuration)),
    }
}
