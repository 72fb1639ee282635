//! Codecs that Matroska names as AVI and `QuickTime` do: the header of a picture's format is the
//! configuration of the track. FFV1 and Microsoft's MPEG-4, which have names of their own as well, are fed in
//! the same way.
//! Matroska Codec Specifications.

use super::header::TrackEntry;
use crate::fmp4::boxed;
use crate::riff_codec::{has_palette, intra_codec, microsoft_codec};
use crate::visual_entry::deep_visual_entry;
use crate::{Codec, IndexError, IntraCodec, MicrosoftCodec};
use plan::Size;

/// `BITMAPINFOHEADER`
const BITMAP_HEADER_BYTES: usize = 40;
/// Where an image description says how many bits a pixel has.
const DEPTH_AT: usize = 82;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");

/// What the header says.
#[derive(Debug)]
pub(super) struct NamedFormat<'a> {
    pub(super) codec: Codec,
    /// Four characters.
    pub(super) name: [u8; 4],
    /// Bits for a pixel.
    pub(super) depth: u16,
    /// For the decoder, before the first picture.
    pub(super) configuration: &'a [u8],
}

impl<'a> NamedFormat<'a> {
    /// None where it is another codec.
    pub(super) fn of(entry: &'a TrackEntry) -> Option<Result<Self, IndexError>> {
        let format = match entry.codec.as_slice() {
            b"V_MS/VFW/FOURCC" => Self::of_bitmap(&entry.private),
            b"V_QUICKTIME" => Self::of_description(&entry.private),
            b"V_FFV1" => Some(Self {
                codec: Codec::Ffv1,
                name: *b"FFV1",
                depth: 0,
                configuration: &entry.private,
            }),
            b"V_MPEG4/MS/V3" => Some(Self {
                codec: Codec::Microsoft(MicrosoftCodec::Mpeg4V3),
                name: *b"MP43",
                depth: 24,
                configuration: &entry.private,
            }),
            _ => return None,
        };
        let format = format.filter(|format| !has_palette(format.depth));
        Some(format.ok_or(ODD_CODEC))
    }

    /// That an MP4 of the same video would have; `parts` are the boxes that come last in it.
    pub(super) fn sample_entry(&self, coded: Size, parts: &[&[u8]; 3]) -> Vec<u8> {
        let told = match self.configuration {
            [] => Vec::new(),
            told => boxed(*b"glbl", &[told]),
        };
        let [fields, shape, colour] = parts;
        deep_visual_entry(
            self.name,
            coded,
            self.depth,
            &[&told, fields, shape, colour],
        )
    }

    fn of_bitmap(header: &'a [u8]) -> Option<Self> {
        let configuration = header.get(BITMAP_HEADER_BYTES..)?;
        let name = *header[16..].first_chunk()?;
        let codec = match &name.map(|letter| letter.to_ascii_uppercase()) {
            b"FFV1" => Codec::Ffv1,
            _ => intra_codec(name).or_else(|| microsoft_codec(name, configuration))?,
        };
        Some(Self {
            codec,
            name,
            depth: u16::from_le_bytes(*header[14..].first_chunk()?),
            configuration,
        })
    }

    /// Of codecs whose decoders make nothing of what else is said.
    fn of_description(description: &'a [u8]) -> Option<Self> {
        let (size, rest) = description.split_first_chunk()?;
        let name = *rest.first_chunk()?;
        let is_whole = u32::from_be_bytes(*size) as usize == description.len();
        let codec = intra_codec(name).filter(|_| is_whole)?;
        let depth = description.get(DEPTH_AT..)?.first_chunk()?;
        matches!(
            codec,
            Codec::Intra(IntraCodec::DnxHd | IntraCodec::CineForm)
        )
        .then_some(Self {
            codec,
            name,
            depth: u16::from_be_bytes(*depth),
            configuration: &[],
        })
    }
}
