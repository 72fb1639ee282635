//! One picture as a JPEG.

use super::failure::Interrupted;
use artifacts::Quality;
use media::{Picture, PixelLayout};

pub(super) fn encode(picture: &Picture, quality: Quality) -> Result<Vec<u8>, Interrupted> {
    let (pixels, size) = (&picture.pixels, picture.size);
    Ok(match picture.layout {
        PixelLayout::Rgb24 => artifacts::jpeg::encode(pixels, size, quality)?,
        PixelLayout::Yuv420Full => artifacts::jpeg::encode_planes(pixels, size, quality)?,
    })
}
