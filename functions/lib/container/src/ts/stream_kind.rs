//! What a stream of a program is, by its type and its descriptors: ISO/IEC 13818-1, 2.4.4.9 and
//! 2.6; ETSI EN 300 468, 6.2.

use crate::Codec;

/// How a sound is coded, as far as it is read when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SoundCoding {
    /// AAC behind ADTS headers.
    Adts,
    /// Layers of MPEG-1 and MPEG-2.
    Mpeg,
    Ac3,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamKind {
    Video(Codec),
    Sound(SoundCoding),
    /// Neither is to be seen or heard.
    Data,
    /// It may be a video, or become one.
    Unclear,
}

impl StreamKind {
    /// `is_blu_ray`: types that others leave to their users have a meaning of their own there.
    pub(super) fn of(kind: u8, descriptors: &[u8], is_blu_ray: bool) -> Self {
        const HEVC_DOLBY_VISION: u8 = 0xb0;
        let is_odd = tags(descriptors).any(|(tag, _)| tag == HEVC_DOLBY_VISION);
        let length_bytes = 4;
        match kind {
            _ if is_odd => Self::Unclear,
            0x02 => Self::Video(Codec::Mpeg2),
            0x1b => Self::Video(Codec::H264 { length_bytes }),
            0x24 => Self::Video(Codec::Hevc { length_bytes }),
            0x03 | 0x04 => Self::Sound(SoundCoding::Mpeg),
            0x0f => Self::Sound(SoundCoding::Adts),
            0x11 => Self::Sound(SoundCoding::Other),
            0x81 => Self::Sound(SoundCoding::Ac3),
            0x87 => Self::Sound(SoundCoding::Other),
            0x80 | 0x82..=0x86 | 0xa1 | 0xa2 if is_blu_ray => Self::Sound(SoundCoding::Other),
            0x90..=0x92 if is_blu_ray => Self::Data,
            0x05 | 0x0a..=0x0d | 0x15 | 0x86 => Self::Data,
            0x06 => private(descriptors),
            _ => Self::Unclear,
        }
    }
}

/// Private data, which descriptors tell what they are.
fn private(descriptors: &[u8]) -> StreamKind {
    const REGISTRATION: u8 = 0x05;
    let known = tags(descriptors).find_map(|(tag, body)| match (tag, body) {
        (REGISTRATION, [b'A', b'C', b'-', b'3', ..]) | (0x6a, _) => {
            Some(StreamKind::Sound(SoundCoding::Ac3))
        }
        (REGISTRATION, [b'E', b'A', b'C', b'3', ..] | [b'O', b'p', b'u', b's', ..])
        | (0x7a..=0x7c, _) => Some(StreamKind::Sound(SoundCoding::Other)),
        (REGISTRATION, [b'K', b'L', b'V', b'A', ..] | [b'I', b'D', b'3', b' ', ..])
        | (0x45 | 0x46 | 0x52 | 0x56 | 0x59, _) => Some(StreamKind::Data).filter(|_| tag != 0x52),
        _ => None,
    });
    known.unwrap_or(StreamKind::Unclear)
}

/// Descriptors, each with its tag.
pub(super) fn tags(mut descriptors: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (&[tag, length], rest) = descriptors.split_first_chunk()?;
        let (body, rest) = rest.split_at_checked(usize::from(length))?;
        descriptors = rest;
        Some((tag, body))
    })
}
