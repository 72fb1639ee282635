//! What a tag of video holds: annex E.4.3.

use super::tag::{DAMAGED, TagHeader};
use crate::IndexError;
use crate::window_reader::WindowReader;

const ODD_CODEC: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const ODD_TIME: IndexError = IndexError::Unsupported("its times are in no order");

/// Before the picture: its kind and codec, what kind of packet it is, and its composition time.
pub(super) const HEAD_BYTES: u32 = 5;
/// Pictures are shown at most so much later than they are decoded.
const MOST_DELAY: i64 = 15 * 60 * 1000;

/// One tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VideoTag {
    /// The decoder's configuration, behind the head.
    Configuration,
    Picture {
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
        const H264: u8 = 7;
        const KEY: u8 = 1;
        const COMMAND: u8 = 5;
        let head = tag.head(reader, HEAD_BYTES.into())?;
        let Some(&kind) = head.first() else {
            return Ok(Self::Nothing);
        };
        // The highest bit tells that more follows, of newer codecs.
        let (frame, codec) = (kind >> 4, kind & 0x0f);
        if frame == COMMAND {
            return Ok(Self::Nothing);
        }
        if codec != H264 || !(KEY..=2).contains(&frame) {
            return Err(ODD_CODEC);
        }
        let &[_, packet, high, middle, low] = head else {
            return Err(DAMAGED);
        };
        let delay = i64::from(i32::from_be_bytes([high, middle, low, 0]) >> 8);
        match packet {
            0 => Ok(Self::Configuration),
            _ if tag.bytes == HEAD_BYTES => Ok(Self::Nothing),
            1 if (0..=MOST_DELAY).contains(&delay) => Ok(Self::Picture {
                key: frame == KEY,
                delay,
            }),
            1 => Err(ODD_TIME),
            _ => Err(ODD_CODEC),
        }
    }
}
