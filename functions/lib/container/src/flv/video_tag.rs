//! What a tag of video holds: annex E.4.3, and of newer codecs Enhanced RTMP v2, "Enhanced Video".

use super::tag::{DAMAGED, TagHeader};
use crate::IndexError;
use crate::error::UNORDERED;
use crate::window_reader::WindowReader;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const COLOURED: IndexError = IndexError::Unsupported("tags of it tell its colours");

/// Before the picture, at most: its kind and codec, what kind of packet it is, and its composition
/// time.
pub(super) const MOST_HEAD_BYTES: u32 = 8;
/// Pictures are shown at most so much later than they are decoded.
const MOST_DELAY: i64 = 15 * 60 * 1000;
/// Of what is told of colours; a mastering display takes less.
const MOST_METADATA_BYTES: u64 = 1024;

const KEY: u8 = 1;
const INTER: u8 = 2;
const COMMAND: u8 = 5;

/// How the pictures of a tag are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VideoCoding {
    H264,
    Hevc,
    Av1,
}

/// One tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VideoTag {
    /// The decoder's configuration, behind so many bytes.
    Configuration { coding: VideoCoding, head: u32 },
    Picture {
        coding: VideoCoding,
        /// Bytes before it.
        head: u32,
        /// It says that decoding can begin here.
        key: bool,
        /// How much later it is shown than it is decoded, ms.
        delay: i64,
    },
    /// Nothing to be seen.
    Nothing,
}

impl VideoTag {
    pub(super) fn read(reader: &mut WindowReader<'_>, tag: TagHeader) -> Result<Self, IndexError> {
        const NAMED: u8 = 0x80;
        let head = tag.head(reader, MOST_HEAD_BYTES.into())?;
        let Some(&first) = head.first() else {
            return Ok(Self::Nothing);
        };
        if first & NAMED == 0 {
            return Self::of_old(head, tag);
        }
        match first & 0x0f {
            METADATA => Self::of_metadata(tag.head(reader, MOST_METADATA_BYTES)?),
            _ => Self::of_named(head, tag),
        }
    }

    /// By a number of the codec.
    fn of_old(head: &[u8], tag: TagHeader) -> Result<Self, IndexError> {
        const H264: u8 = 7;
        const HEAD_BYTES: u32 = 5;
        let (frame, codec) = (head[0] >> 4, head[0] & 0x0f);
        if frame == COMMAND {
            return Ok(Self::Nothing);
        }
        if codec != H264 || !(KEY..=INTER).contains(&frame) {
            return Err(ODD_CODEC);
        }
        let &[_, packet, high, middle, low, ..] = head else {
            return Err(DAMAGED);
        };
        let coding = VideoCoding::H264;
        let head = HEAD_BYTES;
        match packet {
            _ if tag.bytes == head => Ok(Self::Nothing),
            0 => Ok(Self::Configuration { coding, head }),
            1 => Ok(Self::Picture {
                coding,
                head,
                key: frame == KEY,
                delay: delay([high, middle, low])?,
            }),
            _ => Err(ODD_CODEC),
        }
    }

    /// By four characters.
    fn of_named(head: &[u8], tag: TagHeader) -> Result<Self, IndexError> {
        const HEAD_BYTES: u32 = 5;
        let &[first, a, b, c, d, ref rest @ ..] = head else {
            return Err(DAMAGED);
        };
        let (frame, packet) = (first >> 4 & 7, first & 0x0f);
        if frame == COMMAND {
            return Ok(Self::Nothing);
        }
        let coding = match &[a, b, c, d] {
            b"avc1" => VideoCoding::H264,
            b"hvc1" => VideoCoding::Hevc,
            b"av01" => VideoCoding::Av1,
            _ => return Err(ODD_CODEC),
        };
        if !(KEY..=INTER).contains(&frame) {
            return Err(ODD_CODEC);
        }
        let key = frame == KEY;
        let picture = |head, delay| match tag.bytes > head {
            true => Self::Picture {
                coding,
                head,
                key,
                delay,
            },
            false => Self::Nothing,
        };
        match (packet, rest) {
            // ffmpeg writes an empty one before it knows what to say.
            (SEQUENCE_START, []) => Ok(Self::Nothing),
            (SEQUENCE_START, _) => Ok(Self::Configuration {
                coding,
                head: HEAD_BYTES,
            }),
            (SEQUENCE_END, _) => Ok(Self::Nothing),
            (FRAMES, _) if coding == VideoCoding::Av1 => Ok(picture(HEAD_BYTES, 0)),
            (FRAMES, &[high, middle, low]) => {
                Ok(picture(HEAD_BYTES + 3, delay([high, middle, low])?))
            }
            (FRAMES_AT_ONCE, _) => Ok(picture(HEAD_BYTES, 0)),
            _ => Err(ODD_CODEC),
        }
    }

    /// What it tells of colours goes before what the pictures say, in decoders of ffmpeg's.
    fn of_metadata(body: &[u8]) -> Result<Self, IndexError> {
        const TOLD: [&[u8]; 5] = [
            b"colorPrimaries",
            b"transferCharacteristics",
            b"matrixCoefficients",
            b"hdrCll",
            b"hdrMdcv",
        ];
        let has = |name: &&[u8]| body.windows(name.len()).any(|part| part == *name);
        match TOLD.iter().any(has) {
            true => Err(COLOURED),
            false => Ok(Self::Nothing),
        }
    }
}

/// `VideoPacketType`
const SEQUENCE_START: u8 = 0;
const FRAMES: u8 = 1;
const SEQUENCE_END: u8 = 2;
/// Shown when they are decoded.
const FRAMES_AT_ONCE: u8 = 3;
const METADATA: u8 = 4;

fn delay([high, middle, low]: [u8; 3]) -> Result<i64, IndexError> {
    let delay = i64::from(i32::from_be_bytes([high, middle, low, 0]) >> 8);
    let is_usual = (0..=MOST_DELAY).contains(&delay);
    is_usual.then_some(delay).ok_or(UNORDERED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flv::tag::TagKind;
    use crate::test_support::Bytes;

    fn read(body: &[u8]) -> Result<VideoTag, IndexError> {
        let file = Bytes(body.to_vec());
        let tag = TagHeader {
            kind: TagKind::Video,
            body: 0,
            bytes: u32::try_from(body.len()).unwrap(),
            time: 0,
        };
        VideoTag::read(&mut WindowReader::new(&file, 1 << 20), tag)
    }

    #[test]
    fn newer_codecs_are_named_by_four_characters() {
        let coding = VideoCoding::Hevc;
        let start = read(b"\x90hvc1\x01").unwrap();
        assert_eq!(start, VideoTag::Configuration { coding, head: 5 });
        let picture = |head, key, delay| VideoTag::Picture {
            coding,
            head,
            key,
            delay,
        };
        let later = read(b"\x91hvc1\0\0\x85coded").unwrap();
        assert_eq!(later, picture(8, true, 0x85));
        assert_eq!(read(b"\xa3hvc1coded").unwrap(), picture(5, false, 0));
        let av1 = VideoTag::Picture {
            coding: VideoCoding::Av1,
            head: 5,
            key: true,
            delay: 0,
        };
        assert_eq!(read(b"\x91av01coded").unwrap(), av1);
        for nothing in [
            &b"\x92hvc1"[..],
            b"\x90av01",
            b"\xd4hvc1\x02\0\x09colorInfo\x03\0\0\x09",
            b"\xa3hvc1",
        ] {
            assert_eq!(read(nothing).unwrap(), VideoTag::Nothing, "{nothing:?}");
        }
        for odd in [
            &b"\x91vp09coded"[..],
            b"\x96hvc1coded",
            b"\x91hvc1",
            b"\xb1hvc1coded",
        ] {
            assert!(read(odd).is_err(), "{odd:?}");
        }
        let told = b"\xd4hvc1\x02\0\x09colorInfo\x03\0\x12matrixCoefficients\0";
        assert!(read(told).is_err());
    }
}
