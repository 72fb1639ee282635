//! What kind of file a picture becomes.

use media::PixelLayout;
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
