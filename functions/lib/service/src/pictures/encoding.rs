//! Pictures and sheets as files.

use super::engine::Engine;
use super::failure::Interrupted;
use artifacts::Sheet;
use contract::snapshot::ImageFormat;
use media::{Picture, PixelLayout};
use plan::Grid;
use plan::sheet::SheetTooLarge;

/// A WebP is encoded from all of a sheet at once: as RGB, and as two copies of its encoder's.
const WEBP_MEMORY: u64 = 4;

/// How pictures must come to be written in this format.
pub(super) fn layout(format: ImageFormat) -> PixelLayout {
    match format {
        ImageFormat::Jpeg => PixelLayout::Yuv420Full,
        ImageFormat::Webp | ImageFormat::Png => PixelLayout::Rgb24,
    }
}

/// Sheets of this grid, or why they are too large: `max_pixels` of a JPEG or PNG may be.
pub(crate) fn check_grid(
    grid: Grid,
    format: ImageFormat,
    max_pixels: u64,
) -> Result<Grid, SheetTooLarge> {
    match format {
        ImageFormat::Jpeg | ImageFormat::Png => grid.within(max_pixels),
        ImageFormat::Webp => grid.within_webp()?.within(max_pixels / WEBP_MEMORY),
    }
}

/// One picture as a file.
pub(super) fn picture(
    picture: &Picture,
    format: ImageFormat,
    engine: &Engine,
) -> Result<Vec<u8>, Interrupted> {
    let (pixels, size, quality) = (&picture.pixels, picture.size, engine.quality);
    Ok(match (format, picture.layout) {
        // Planes, which nobody asks for here, have another length: that is an error.
        (ImageFormat::Png, _) => artifacts::png::encode(pixels, size)?,
        (ImageFormat::Webp, _) => artifacts::webp::encode(pixels, size, quality)?,
        (ImageFormat::Jpeg, PixelLayout::Rgb24) => artifacts::jpeg::encode(pixels, size, quality)?,
        (ImageFormat::Jpeg, PixelLayout::Yuv420Full) => {
            artifacts::jpeg::encode_planes(pixels, size, quality)?
        }
    })
}

/// One sheet as a file.
pub(super) fn sheet(
    sheet: &Sheet,
    format: ImageFormat,
    engine: &Engine,
) -> Result<Vec<u8>, Interrupted> {
    Ok(match format {
        ImageFormat::Jpeg => sheet.encode(engine.quality)?,
        ImageFormat::Webp => sheet.encode_webp(engine.quality)?,
        ImageFormat::Png => sheet.encode_png()?,
    })
}
