//! Pictures and sheets as files.

use super::engine::Engine;
use super::failure::Interrupted;
use super::image_format::ImageFormat;
use artifacts::Sheet;
use media::{Picture, PixelLayout};

/// One picture as a file.
pub(super) fn picture(picture: &Picture, engine: &Engine) -> Result<Vec<u8>, Interrupted> {
    let (pixels, size, quality) = (&picture.pixels, picture.size, engine.quality);
    Ok(match (engine.format, picture.layout) {
        // Planes, which nobody asks for here, have another length: that is an error.
        (ImageFormat::Png, _) => artifacts::png::encode(pixels, size)?,
        (ImageFormat::Jpeg, PixelLayout::Rgb24) => artifacts::jpeg::encode(pixels, size, quality)?,
        (ImageFormat::Jpeg, PixelLayout::Yuv420Full) => {
            artifacts::jpeg::encode_planes(pixels, size, quality)?
        }
    })
}

/// One sheet as a file.
pub(super) fn sheet(sheet: &Sheet, engine: &Engine) -> Result<Vec<u8>, Interrupted> {
    Ok(match engine.format {
        ImageFormat::Jpeg => sheet.encode(engine.quality)?,
        ImageFormat::Png => sheet.encode_png()?,
    })
}
