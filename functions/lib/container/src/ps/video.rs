//! The video of a program stream: what each picture of it begins with.

use super::coding::VideoCoding;
use super::times::Picture;
use super::units::PlacedUnit;
use crate::error::NOT_ONE;
use crate::ts::{ElementaryStream, UnitStart};
use crate::{Codec, IndexError};
use bitstream::is_usual_mpeg_picture;
use bitstream::order::OutputOrderReader;
use std::borrow::Cow;

const ODD_PICTURE: IndexError = IndexError::Unsupported("its codec is not one of the usual");
const LONG_HEADERS: IndexError = IndexError::Unsupported("a picture of it has headers too long");
/// What comes before the first slice is shorter, but for data of users.
const MOST_HEAD_BYTES: usize = 1 << 16;

/// What is known of it as a whole, and grows with what is read.
#[derive(Debug, Clone, Default)]
pub(super) struct ProgramVideo(Option<(Codec, ElementaryStream)>);

impl ProgramVideo {
    /// Takes the next picture. `order` reads those before it.
    pub(super) fn take(
        &mut self,
        mut placed: PlacedUnit,
        coding: VideoCoding,
        order: &mut Option<OutputOrderReader>,
    ) -> Result<Picture, IndexError> {
        let bytes = std::mem::take(&mut placed.unit.bytes);
        let codec = codec_of(coding, &bytes)?;
        let (known, elementary) = self
            .0
            .get_or_insert_with(|| (codec, ElementaryStream::new(codec)));
        if *known != codec {
            return Err(ODD_PICTURE);
        }
        let start = elementary.take(&bytes)?;
        if start.head.len() > MOST_HEAD_BYTES {
            return Err(LONG_HEADERS);
        }
        // The times of others never follow from it.
        if order.is_none() && coding == VideoCoding::Mpeg {
            *order = elementary.order_reader();
        }
        Ok(Picture {
            placed,
            order: order.as_mut().and_then(|order| order.next(&start.head)),
            start: UnitStart {
                head: Cow::Owned(start.head.into_owned()),
                ..start
            },
        })
    }

    pub(super) fn elementary(&self) -> Result<&ElementaryStream, IndexError> {
        self.0.as_ref().map(|known| &known.1).ok_or(NOT_ONE)
    }

    pub(super) fn codec(&self) -> Result<Codec, IndexError> {
        self.0.as_ref().map(|known| known.0).ok_or(NOT_ONE)
    }
}

fn codec_of(coding: VideoCoding, picture: &[u8]) -> Result<Codec, IndexError> {
    let length_bytes = 4;
    Ok(match coding {
        VideoCoding::H264 => Codec::H264 { length_bytes },
        VideoCoding::Hevc => Codec::Hevc { length_bytes },
        VideoCoding::Mpeg if has_extension(picture) => Codec::Mpeg2,
        VideoCoding::Mpeg if is_usual_mpeg_picture(picture) => Codec::Mpeg1,
        VideoCoding::Mpeg => return Err(ODD_PICTURE),
    })
}

/// `picture_coding_extension`, which pictures of MPEG-1 have not.
fn has_extension(picture: &[u8]) -> bool {
    let head = &picture[..picture.len().min(MOST_HEAD_BYTES)];
    head.windows(4).any(|code| code == [0, 0, 1, 0xb5])
}
