//! How the video is coded: `BITMAPINFOHEADER`, and the sample entry that an MP4 of it would have.
//!
//! The entry keeps the four characters that name the codec.

use super::fields::{number, short};
use crate::fmp4::boxed;
use crate::riff_codec::{has_palette, intra_codec, microsoft_codec};
use crate::visual_entry::deep_visual_entry;
use crate::{Codec, IndexError};
use plan::Size;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const NO_SIZE: IndexError = IndexError::Unsupported("its pictures have no size");

const HEADER_BYTES: usize = 40;

/// What the format of a video says.
#[derive(Debug, Clone)]
pub(super) struct VideoFormat {
    pub(super) codec: Codec,
    pub(super) coded: Size,
    name: [u8; 4],
    depth: u16,
    /// For the decoder, before the first picture.
    configuration: Vec<u8>,
}

impl VideoFormat {
    pub(super) fn parse(format: &[u8]) -> Result<Self, IndexError> {
        let side = |at| {
            let side = number(format, at);
            let side = side.filter(|side| (1..=u32::from(u16::MAX)).contains(side));
            side.ok_or(NO_SIZE)
        };
        let coded = Size {
            width: side(4)?,
            height: side(8)?,
        };
        let depth = short(format, 14).filter(|&depth| depth > 0 && !has_palette(depth));
        let name = *format
            .get(16..)
            .and_then(<[u8]>::first_chunk)
            .ok_or(ODD_CODEC)?;
        // As long as the header says, which pads it.
        let told = number(format, 0).and_then(|bytes| usize::try_from(bytes).ok());
        let told = told.and_then(|bytes| format.get(HEADER_BYTES..bytes.max(HEADER_BYTES)));
        let configuration = told.ok_or(ODD_CODEC)?.to_vec();
        let codec = microsoft_codec(name, &configuration).or_else(|| intra_codec(name));
        Ok(Self {
            codec: codec.ok_or(ODD_CODEC)?,
            coded,
            name,
            depth: depth.ok_or(ODD_CODEC)?,
            configuration,
        })
    }

    /// The whole entry, its header included.
    pub(super) fn entry(&self, pixel: Option<(u32, u32)>) -> Vec<u8> {
        let told = match &self.configuration[..] {
            [] => Vec::new(),
            told => boxed(*b"glbl", &[told]),
        };
        let shape = pixel.map_or_else(Vec::new, |(across, down)| {
            boxed(*b"pasp", &[&across.to_be_bytes(), &down.to_be_bytes()])
        });
        deep_visual_entry(self.name, self.coded, self.depth, &[&told, &shape])
    }
}
