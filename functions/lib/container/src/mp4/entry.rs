//! The sample description `stsd` of a video track: ISO/IEC 14496-12, 8.5.2 and 12.1.

use super::boxes::{Mp4Box, boxes, optional};
use super::clean_aperture;
use super::fed_entry::{VISUAL_BYTES, fed, plain_kind};
use super::fields::FieldReader;
use super::protection::original_kind;
use crate::dolby_vision;
use crate::{Codec, ColourCodes, IndexError, IntraCodec};
use plan::{Crop, Size};

/// How a visual sample entry of any codec lays out its pictures.
#[derive(Debug)]
pub(super) struct EntryLayout {
    pub(super) coded: Size,
    pub(super) crop: Option<Crop>,
    /// `pasp`
    pub(super) sample_aspect_ratio: Option<(u32, u32)>,
}

impl EntryLayout {
    pub(super) fn parse(entry: Mp4Box<'_>) -> Result<Self, IndexError> {
        let mut fields = FieldReader::of(entry.body);
        fields.skip(24)?;
        let (width, height) = (u32::from(fields.u16()?), u32::from(fields.u16()?));
        if width == 0 || height == 0 {
            return Err(IndexError::Unsupported("its pictures have no size"));
        }
        let coded = Size { width, height };
        let inner = entry.body.get(VISUAL_BYTES..).unwrap_or_default();
        Ok(Self {
            coded,
            crop: clean_aperture::crop(inner, coded),
            sample_aspect_ratio: pixel_shape(inner)?,
        })
    }
}

/// A visual sample entry.
#[derive(Debug)]
pub(super) struct SampleEntry {
    pub(super) codec: Codec,
    pub(super) layout: EntryLayout,
    pub(super) colour: Option<ColourCodes>,
    pub(super) dolby_vision_profile: Option<u8>,
    /// What a decoder is fed, header included.
    pub(super) fed: Vec<u8>,
}

impl SampleEntry {
    /// Of encrypted samples it is what it would be if they were not.
    pub(super) fn parse(entry: Mp4Box<'_>) -> Result<Self, IndexError> {
        let layout = EntryLayout::parse(entry)?;
        let inner = entry.body.get(VISUAL_BYTES..).unwrap_or_default();
        Ok(Self {
            codec: codec(original_kind(entry), inner)?,
            layout,
            colour: colour(inner)?,
            dolby_vision_profile: dolby_vision_profile(inner),
            fed: fed(entry, original_kind(entry)),
        })
    }
}

/// Whether the first entry of `stsd` is of a codec for video, whatever the track says it is.
pub(super) fn is_video(stsd: &[u8]) -> bool {
    let first = boxes(stsd.get(8..).unwrap_or_default()).next();
    first.is_some_and(|entry| match codec(entry.kind, &[]) {
        Ok(_) => true,
        // KnownSamples by its name, though here without a configuration.
        Err(_) => matches!(
            &plain_kind(entry.kind),
            b"avc1" | b"avc3" | b"hvc1" | b"hev1" | b"mp4v" | b"encv"
        ),
    })
}

fn codec(kind: [u8; 4], inner: &[u8]) -> Result<Codec, IndexError> {
    Ok(match &plain_kind(kind) {
        b"avc1" | b"avc3" => Codec::H264 {
            length_bytes: length_bytes(inner, b"avcC", 4)?,
        },
        b"hvc1" | b"hev1" => Codec::Hevc {
            length_bytes: length_bytes(inner, b"hvcC", 21)?,
        },
        b"vp08" => Codec::Vp8,
        b"vp09" => Codec::Vp9,
        b"av01" => Codec::Av1,
        b"mp4v" => of_object_type(inner)?,
        kind if is_mpeg2(kind) => Codec::Mpeg2,
        b"jpeg" | b"mjpa" => Codec::Intra(IntraCodec::MotionJpeg),
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => {
            Codec::Intra(IntraCodec::ProRes)
        }
        b"AVdn" | b"AVdh" => Codec::Intra(IntraCodec::DnxHd),
        b"CFHD" => Codec::Intra(IntraCodec::CineForm),
        _ => return Err(IndexError::Unsupported("its codec is not one of the usual")),
    })
}

/// The names of MPEG-2: of files in general, of HDV, IMX and XDCAM by size and rate.
fn is_mpeg2(kind: &[u8; 4]) -> bool {
    matches!(
        kind,
        b"mpg2"
            | b"m2v1"
            | b"xdh2"
            | b"xdhd"
            | [b'h', b'd', b'v', b'1'..=b'9' | b'a']
            | [b'm', b'x', b'3'..=b'5', b'n' | b'p']
            | [b'x', b'd', b'5', b'1' | b'4' | b'5' | b'9' | b'a'..=b'f']
            | [b'x', b'd', b'v', b'1'..=b'9' | b'a'..=b'f']
    )
}

/// Bytes of a NAL unit's length field, from the byte of the configuration that says so.
fn length_bytes(inner: &[u8], kind: &[u8; 4], at: usize) -> Result<u8, IndexError> {
    let configuration = optional(inner, kind)?.and_then(|body| body.get(at));
    match configuration.map(|byte| (byte & 3) + 1) {
        Some(bytes @ (1 | 2 | 4)) => Ok(bytes),
        _ => Err(IndexError::Unsupported(
            "its decoder configuration is damaged",
        )),
    }
}

/// The codec that the `ObjectTypeIndication` of `esds` names: ISO/IEC 14496-1, 7.2.6.6.
fn of_object_type(inner: &[u8]) -> Result<Codec, IndexError> {
    const DAMAGED: IndexError = IndexError::Unsupported("its decoder configuration is damaged");
    let mut fields = FieldReader::of(optional(inner, b"esds")?.ok_or(DAMAGED)?);
    fields.version_and_flags()?;
    if descriptor(&mut fields)? == 3 {
        fields.skip(2)?;
        let flags = fields.u8()?;
        fields.skip(if flags & 0x80 != 0 { 2 } else { 0 })?;
        let url = if flags & 0x40 != 0 { fields.u8()? } else { 0 };
        fields.skip(usize::from(url))?;
        fields.skip(if flags & 0x20 != 0 { 2 } else { 0 })?;
    } else {
        return Err(DAMAGED);
    }
    if descriptor(&mut fields)? != 4 {
        return Err(DAMAGED);
    }
    match fields.u8()? {
        0x20 => Ok(Codec::Mpeg4),
        0x60..=0x65 => Ok(Codec::Mpeg2),
        0x6c => Ok(Codec::Intra(IntraCodec::MotionJpeg)),
        _ => Err(IndexError::Unsupported("its codec is not one of the usual")),
    }
}

/// Reads a descriptor's tag and steps over its length of one to four bytes.
fn descriptor(fields: &mut FieldReader<'_>) -> Result<u8, IndexError> {
    let tag = fields.u8()?;
    for _ in 0..4 {
        if fields.u8()? & 0x80 == 0 {
            break;
        }
    }
    Ok(tag)
}

fn pixel_shape(inner: &[u8]) -> Result<Option<(u32, u32)>, IndexError> {
    let Some(pasp) = optional(inner, b"pasp")? else {
        return Ok(None);
    };
    let mut fields = FieldReader::of(pasp);
    let shape = (fields.u32()?, fields.u32()?);
    Ok(Some(shape).filter(|&(width, height)| width > 0 && height > 0))
}

/// Of several the last, as ffmpeg takes them; a profile is none of them.
fn colour(inner: &[u8]) -> Result<Option<ColourCodes>, IndexError> {
    let mut found = None;
    for colr in boxes(inner).filter(|boxed| &boxed.kind == b"colr") {
        let mut fields = FieldReader::of(colr.body);
        let kind = fields.kind()?;
        if matches!(&kind, b"nclx" | b"nclc") {
            found = Some(ColourCodes {
                primaries: fields.u16()?,
                transfer: fields.u16()?,
                matrix: fields.u16()?,
                full_range: match &kind {
                    b"nclx" => Some(fields.u8()? & 0x80 != 0),
                    _ => None,
                },
            });
        }
    }
    Ok(found)
}

fn dolby_vision_profile(inner: &[u8]) -> Option<u8> {
    let record = boxes(inner).find(|boxed| dolby_vision::RECORDS.contains(&boxed.kind))?;
    dolby_vision::profile(record.body)
}
