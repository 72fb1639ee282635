//! How the pictures are coded, told by what is said of them and by the first one: the codecs that are
//! read here, and the sample entry that an MP4 of the same video would have.

use super::descriptor::{PictureCoding, PictureDescriptor};
use crate::error::NO_START;
use crate::fraction::ratio;
use crate::ts::ElementaryStream;
use crate::visual_entry::{colour_codes, pixel_shape, visual_entry};
use crate::{Codec, IndexError, IntraCodec};
use bitstream::dv::DvFrame;
use plan::Size;

const ODD_PICTURE: IndexError =
    IndexError::Unsupported("its first picture is not what is said of it");
const NO_SHAPE: IndexError = IndexError::Unsupported("its pictures have an absurd shape");

/// Enough of a picture to tell what it is: H.264 of AVC-Intra has 10 KB of padding before its slices.
pub(super) const HEAD_BYTES: usize = 16 << 10;

/// What the decoder is to know.
#[derive(Debug, Clone)]
pub(super) struct PictureFormat {
    pub(super) codec: Codec,
    pub(super) coded: Size,
    pub(super) sample_aspect_ratio: (u32, u32),
    pub(super) entry: Vec<u8>,
    /// Where parameter sets lie among the pictures: what these are held against.
    pub(super) elementary: Option<ElementaryStream>,
    /// What is shown before the first keyframe refers to what is not there.
    pub(super) begins_open: bool,
}

impl PictureFormat {
    /// By the beginning of the first picture.
    pub(super) fn new(descriptor: &PictureDescriptor, head: &[u8]) -> Result<Self, IndexError> {
        match descriptor.coding {
            PictureCoding::Mpeg2 | PictureCoding::D10 => {
                Self::of_stream(descriptor, Codec::Mpeg2, head)
            }
            PictureCoding::H264 | PictureCoding::AvcIntra => {
                Self::of_stream(descriptor, Codec::H264 { length_bytes: 4 }, head)
            }
            coding => Self::of_intra(descriptor, coding, head),
        }
    }

    /// Of one whose parameter sets lie among its pictures.
    fn of_stream(
        descriptor: &PictureDescriptor,
        codec: Codec,
        head: &[u8],
    ) -> Result<Self, IndexError> {
        let mut elementary = ElementaryStream::new(codec);
        let start = elementary.take(head)?;
        if !start.is_sync {
            return Err(NO_START);
        }
        let begins_open = start.is_skipped_at_start;
        let (entry, coded) = elementary.entry()?;
        let shape = shape(descriptor, coded)?;
        Ok(Self {
            codec,
            coded,
            sample_aspect_ratio: shape,
            entry: with_boxes(entry, &[&pixel_shape(shape), &colour(descriptor)]),
            elementary: Some(elementary),
            begins_open,
        })
    }

    fn of_intra(
        descriptor: &PictureDescriptor,
        coding: PictureCoding,
        head: &[u8],
    ) -> Result<Self, IndexError> {
        let (kind, intra) = match coding {
            PictureCoding::Dv => (*b"dvsd", IntraCodec::Dv),
            PictureCoding::DnxHd => (*b"AVdn", IntraCodec::DnxHd),
            PictureCoding::Jpeg2000 => (*b"mjp2", IntraCodec::Jpeg2000),
            PictureCoding::ProRes(kind) => (kind, IntraCodec::ProRes),
            _ => return Err(ODD_PICTURE),
        };
        let coded = size(coding, descriptor, head).ok_or(ODD_PICTURE)?;
        if !fits(coded, descriptor.stored) {
            return Err(ODD_PICTURE);
        }
        let shape = shape(descriptor, coded)?;
        let boxes: [&[u8]; 2] = [&pixel_shape(shape), &colour(descriptor)];
        Ok(Self {
            codec: Codec::Intra(intra),
            coded,
            sample_aspect_ratio: shape,
            entry: visual_entry(kind, coded, &boxes),
            elementary: None,
            begins_open: false,
        })
    }
}

/// The shape of a pixel: what makes the coded picture fill the one shown.
fn shape(descriptor: &PictureDescriptor, coded: Size) -> Result<(u32, u32), IndexError> {
    let (width, height) = descriptor.shape;
    let across = u64::from(width) * u64::from(coded.height);
    let down = u64::from(height) * u64::from(coded.width);
    ratio(across, down).ok_or(NO_SHAPE)
}

fn colour(descriptor: &PictureDescriptor) -> Vec<u8> {
    descriptor.colour.map_or_else(Vec::new, colour_codes)
}

/// The whole sample entry with more boxes in it.
fn with_boxes(mut entry: Vec<u8>, boxes: &[&[u8]]) -> Vec<u8> {
    entry.extend(boxes.concat());
    let bytes = u32::try_from(entry.len()).unwrap_or(u32::MAX);
    entry[..4].copy_from_slice(&bytes.to_be_bytes());
    entry
}

/// Whether pictures of this size are stored so, which may be in whole macroblocks.
fn fits(coded: Size, stored: Size) -> bool {
    const MACROBLOCKS: u32 = 32;
    let sides = [(coded.width, stored.width), (coded.height, stored.height)];
    let fits =
        |(coded, stored): (u32, u32)| coded > 0 && (coded..coded + MACROBLOCKS).contains(&stored);
    sides.into_iter().all(fits)
}

/// As a picture tells it.
fn size(coding: PictureCoding, descriptor: &PictureDescriptor, head: &[u8]) -> Option<Size> {
    let short = |at: usize| {
        let pair = head.get(at..)?.first_chunk()?;
        Some(u32::from(u16::from_be_bytes(*pair)))
    };
    let long = |at: usize| Some(u32::from_be_bytes(*head.get(at..)?.first_chunk()?));
    let (is_it, width, height) = match coding {
        PictureCoding::Dv => {
            let lines = if head.get(3)? & 0x80 != 0 { 576 } else { 480 };
            (DvFrame::of(head).is_some(), 720, lines)
        }
        // SMPTE ST 2019-1: lines of a field where it has fields.
        PictureCoding::DnxHd => {
            let lines = short(24)?;
            let is_field = descriptor.has_fields && lines * 2 <= descriptor.stored.height;
            let lines = if is_field { lines * 2 } else { lines };
            (head.starts_with(&[0, 0, 2, 0x80]), short(26)?, lines)
        }
        // ISO/IEC 15444-1, A.5.1. Pictures of digital cinema are of other colours than any other; of two
        // fields each would be a picture.
        PictureCoding::Jpeg2000 => {
            const CINEMA: [u32; 2] = [3, 4];
            let is_usual = !descriptor.has_fields && !CINEMA.contains(&short(6)?);
            let is_it =
                head.starts_with(&[0xff, 0x4f, 0xff, 0x51]) && (long(16)?, long(20)?) == (0, 0);
            (is_it && is_usual, long(8)?, long(12)?)
        }
        // SMPTE RDD 36, 5.1.
        PictureCoding::ProRes(_) => (head.get(4..8)? == b"icpf", short(16)?, short(18)?),
        _ => return None,
    };
    is_it.then_some(Size { width, height })
}
