use super::ms;
use serde::{Deserialize, Serialize};

/// An animated image as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AnimationEntry {
    /// Object key.
    pub key: String,
    /// `gif` or `webp`.
    pub format: String,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// How many frames it has; encoders may join those that are alike.
    pub frames: u64,
    /// In 1000 s; written as `Fps`, frames a second.
    #[serde(rename = "Fps", with = "ms")]
    pub frames_per_1000_s: u64,
    /// Where in the video it begins, ms after the first frame.
    pub begin_ms: u64,
    /// How much of the video it shows, ms.
    pub duration_ms: u64,
    /// Size of its file.
    pub bytes: u64,
}
