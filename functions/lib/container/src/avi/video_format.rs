//! How the video is coded.

use super::stream_header::StreamHeader;
use crate::bitmap_format::{BitmapFormat, ODD_CODEC};
use crate::{Codec, IndexError};

pub(super) fn video_format(stream: &StreamHeader) -> Result<BitmapFormat, IndexError> {
    let mut format = BitmapFormat::parse(&stream.format)?;
    // Told what to do where few look.
    if stream.extra.windows(3).any(|code| code == [0, 0, 1]) {
        return Err(ODD_CODEC);
    }
    // As ffmpeg: what it was written by says more than what it is called.
    if format.codec == Codec::Mpeg4 && &stream.handler == b"XVID" {
        format.name = stream.handler;
    }
    Ok(format)
}
