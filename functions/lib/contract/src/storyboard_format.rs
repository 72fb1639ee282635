//! The forms in which players read the cells of a sprite.

use crate::image_format::ImageFormat;
use serde::{Deserialize, Serialize};

/// A form in which players read the cells of a sprite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoryboardFormat {
    /// WebVTT: when each cell is shown, and where it lies.
    Vtt,
    /// HLS: an image media playlist.
    Hls,
    /// DASH: tiles of thumbnails.
    Dash,
    /// JSON in the shape of Mux's storyboards.
    Json,
    /// BIF of Roku: the cells themselves, in one file.
    Bif,
    /// The folder of Jellyfin: the sheets, under its names.
    Jellyfin,
}

impl StoryboardFormat {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Vtt,
        Self::Hls,
        Self::Dash,
        Self::Json,
        Self::Bif,
        Self::Jellyfin,
    ];

    /// As clients write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vtt => "vtt",
            Self::Hls => "hls",
            Self::Dash => "dash",
            Self::Json => "json",
            Self::Bif => "bif",
            Self::Jellyfin => "jellyfin",
        }
    }

    /// That of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether the time of a cell is its number times the step, and nothing else says it.
    #[must_use]
    pub fn counts_cells(self) -> bool {
        matches!(self, Self::Hls | Self::Dash | Self::Bif | Self::Jellyfin)
    }

    /// Whether the pictures may be of this format. HLS names formats by the list of its specification, and
    /// DASH-IF allows two; a BIF file and the names of Jellyfin are of JPEGs.
    #[must_use]
    pub fn takes(self, images: ImageFormat) -> bool {
        match self {
            Self::Vtt | Self::Json => true,
            Self::Hls | Self::Dash => images != ImageFormat::Webp,
            Self::Bif | Self::Jellyfin => images == ImageFormat::Jpeg,
        }
    }

    /// Whether cells lie beside each other, and nothing else says where.
    pub(crate) fn fills_sheets(self) -> bool {
        matches!(self, Self::Hls | Self::Dash | Self::Jellyfin)
    }
}
