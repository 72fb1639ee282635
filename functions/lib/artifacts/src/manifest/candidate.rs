use super::ms;
use serde::{Deserialize, Serialize};

/// A frame that was looked at for a cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CoverCandidate {
    /// The picture that it became; absent where others were better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// When it is presented, microseconds after the first frame; written as `PresentationMs`, as that
    /// of a picture.
    #[serde(rename = "PresentationMs", with = "ms")]
    pub presentation_us: u64,
    /// How good a cover it makes, from 0 to 100.
    pub score: u8,
    /// Why it is a cover only where all others are none either; absent where it may be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaw: Option<CoverFlaw>,
}

/// Why a frame is no cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoverFlaw {
    /// All of it, but for some specks.
    Black,
    /// One colour, such as a flash, or hardly more, such as the ends of a fade.
    Plain,
    /// The decoder complained of it.
    Damaged,
}
