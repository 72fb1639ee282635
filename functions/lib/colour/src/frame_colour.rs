//! What is known of how a frame's numbers mean colours.

/// Said of what nobody says anything about: the same code point in all three tables.
pub const UNSPECIFIED: u16 = 2;

/// How a frame's numbers mean colours: code points of ITU-T H.273. 2 is unspecified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameColour {
    /// `VideoFullRangeFlag`; none where nobody says.
    pub full_range: Option<bool>,
    /// Table 2.
    pub primaries: u16,
    /// Table 3.
    pub transfer: u16,
    /// Table 4.
    pub matrix: u16,
}

impl Default for FrameColour {
    fn default() -> Self {
        Self {
            full_range: None,
            primaries: UNSPECIFIED,
            transfer: UNSPECIFIED,
            matrix: UNSPECIFIED,
        }
    }
}
