//! How the frames of a video are reached.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The way to the frames of a video, as the manifest names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PathTaken {
    /// Only the samples that the wanted pictures need are read and decoded.
    Cut,
    /// The decoder's own demuxer seeks to them.
    Seek,
    /// All frames are decoded from the start.
    Decode,
}

impl PathTaken {
    /// As the manifest has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Seek => "seek",
            Self::Decode => "decode",
        }
    }
}

impl fmt::Display for PathTaken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
