//! What is known of how a frame's numbers mean colours.

/// Said of what nobody says anything about: the same code point in all three tables.
pub const UNSPECIFIED: u16 = 2;

/// A matrix of our own, beyond the codes of table 4, which have 8 bits: Dolby Vision's IPT-PQ-c2.
pub(crate) const DOLBY_VISION_IPT: u16 = 0x100;

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

impl FrameColour {
    /// The same, with what `more` says besides.
    #[must_use]
    pub fn with(self, more: Self) -> Self {
        let said = |code: u16, more: u16| if more == UNSPECIFIED { code } else { more };
        Self {
            full_range: more.full_range.or(self.full_range),
            primaries: said(self.primaries, more.primaries),
            transfer: said(self.transfer, more.transfer),
            matrix: said(self.matrix, more.matrix),
        }
    }

    /// Dolby Vision of profile 5, which has no other base: IPT-PQ-c2 of full range. Nothing in the
    /// coded video says so; the container does (`dvcC`, profile 5).
    ///
    /// What is shown of it is an approximation. Lightness and colour differences are taken as they
    /// are stored, by the constant matrices of the format. Its metadata (RPU) are not read: the
    /// reshaping of each scene (polynomials for lightness, polynomials and products of all three
    /// for differences), matrices other than the usual ones, the levels of black and peak and the
    /// trims for screens. Brightness and saturation are therefore off by what a scene was
    /// reshaped by; hue is right, and grey is grey. The tone curve is that of PQ.
    pub const DOLBY_VISION_5: Self = Self {
        full_range: Some(true),
        primaries: 9,
        transfer: 16,
        matrix: DOLBY_VISION_IPT,
    };
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
