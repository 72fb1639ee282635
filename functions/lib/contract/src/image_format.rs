//! The file format of pictures and sheets.

use serde::{Deserialize, Serialize};

/// What pictures and sheets are written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// What jobs make that say nothing else, and all of those of earlier releases.
    #[default]
    Jpeg,
    /// Smaller, for more processor time.
    Webp,
    /// Without loss. Of the command line: no call of the API asks for it.
    Png,
}

impl ImageFormat {
    /// Those that a template may name.
    pub const OF_TEMPLATES: [Self; 2] = [Self::Jpeg, Self::Webp];

    /// What the names of such files end in, after the dot; as clients write it.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Png => "png",
        }
    }

    /// As HTTP names it.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Png => "image/png",
        }
    }

    /// Whether records need not say it.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
