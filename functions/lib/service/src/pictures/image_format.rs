//! What kind of file a picture becomes.

use super::engine::Engine;
use super::failure::Interrupted;
use artifacts::Sheet;
use media::{Picture, PixelLayout};
use serde::{Deserialize, Serialize};

/// The file format of pictures and sheets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageFormat {
    /// What the API makes.
    #[default]
    Jpeg,
    /// Without loss.
    Png,
}

impl ImageFormat {
    /// As HTTP names it.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What the names of such files end in, after the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// The name of a file of this format in place of that of a JPEG.
    pub(super) fn rename(self, jpeg: String) -> String {
        match (self, jpeg.strip_suffix(".jpg")) {
            (Self::Png, Some(stem)) => format!("{stem}.png"),
            _ => jpeg,
        }
    }

    /// How pictures must come to be written like this.
    pub(super) fn layout(self) -> PixelLayout {
        match self {
            Self::Jpeg => PixelLayout::Yuv420Full,
            Self::Png => PixelLayout::Rgb24,
        }
    }
}

/// One picture as a file.
pub(super) fn encode(picture: &Picture, engine: &Engine) -> Result<Vec<u8>, Interrupted> {
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
pub(super) fn encode_sheet(sheet: &Sheet, engine: &Engine) -> Result<Vec<u8>, Interrupted> {
    Ok(match engine.format {
        ImageFormat::Jpeg => sheet.encode(engine.quality)?,
        ImageFormat::Png => sheet.encode_png()?,
    })
}
