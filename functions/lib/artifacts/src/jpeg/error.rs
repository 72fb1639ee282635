//! Pictures that are no JPEG.

use crate::pixels::WrongLength;
use jpeg_encoder::EncodingError;
use plan::Size;
use plan::size::MAX_JPEG_SIDE_PX;
use thiserror::Error;

/// A picture that could not be written.
#[derive(Debug, Error)]
pub enum JpegError {
    /// The pixels and the size disagree.
    #[error(transparent)]
    WrongLength(#[from] WrongLength),
    /// A side of 0, or beyond JPEG's 16 bits.
    #[error("a JPEG side is between 1 and {MAX_JPEG_SIDE_PX} px; the picture is {width}x{height}")]
    Side {
        /// px
        width: u32,
        /// px
        height: u32,
    },
    /// The encoder gave up.
    #[error("the JPEG encoder failed: {0}")]
    Encoder(#[from] EncodingError),
}

/// Width and height as JPEG counts them.
pub(crate) fn sides(size: Size) -> Result<(u16, u16), JpegError> {
    match (u16::try_from(size.width), u16::try_from(size.height)) {
        (Ok(width @ 1..), Ok(height @ 1..)) => Ok((width, height)),
        _ => Err(JpegError::Side {
            width: size.width,
            height: size.height,
        }),
    }
}
