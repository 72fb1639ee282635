//! Picture sizes in display space: rotation and sample aspect ratio applied. With both sides given
//! the picture has exactly that size, as the vendor's; with one, the other keeps the aspect ratio.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// JPEG counts its sides in 16 bits.
pub const MAX_JPEG_SIDE_PX: u32 = 65_535;
/// WebP counts them in 14.
pub const MAX_WEBP_SIDE_PX: u32 = 16_383;

/// Width and height in px, neither 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// px
    pub width: u32,
    /// px
    pub height: u32,
}

/// A picture that no JPEG can hold.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a picture of {width}x{height} px is larger than JPEG's {MAX_JPEG_SIDE_PX} px a side")]
pub struct TooLarge {
    width: u32,
    height: u32,
}

impl Size {
    /// Both sides given: exactly that. One given: the other keeps `self`'s aspect, rounded to an
    /// even number of at least 8. None given: `self`.
    ///
    /// # Errors
    /// A side over [`MAX_JPEG_SIDE_PX`].
    pub fn fitted(self, width: Option<u32>, height: Option<u32>) -> Result<Self, TooLarge> {
        let size = match (width, height) {
            (Some(width), Some(height)) => Self { width, height },
            (Some(width), None) => Self {
                width,
                height: scaled(width, self.height, self.width),
            },
            (None, Some(height)) => Self {
                width: scaled(height, self.width, self.height),
                height,
            },
            (None, None) => self,
        };
        if size.width.max(size.height) > MAX_JPEG_SIDE_PX {
            return Err(TooLarge {
                width: size.width,
                height: size.height,
            });
        }
        Ok(size)
    }

    /// The largest size of this aspect that fits into `outer`. Where only rounding keeps it from
    /// filling `outer`, it is `outer`.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        let rounded = |given: u32, other: u32, side: u32| {
            let (side, product) = (u64::from(side.max(1)), u64::from(given) * u64::from(other));
            u32::try_from((product + side / 2) / side).unwrap_or(u32::MAX)
        };
        let height = rounded(outer.width, self.height, self.width);
        let width = rounded(outer.height, self.width, self.height);
        // Sides that follow an aspect are rounded to even numbers, by one at most.
        let fills = |found: u32, side: u32| found.abs_diff(side) <= 1;
        if fills(height, outer.height) || fills(width, outer.width) {
            outer
        } else if height < outer.height {
            let height = height.max(1);
            Self { height, ..outer }
        } else {
            let width = width.clamp(1, outer.width);
            Self { width, ..outer }
        }
    }

    /// Pixels in the picture.
    #[must_use]
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// What size the picture of a frame is to have. Each frame has a display size of its own, and
/// streams change it on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeRule {
    /// As [`Size::fitted`] says of the frame's own display size.
    Sides {
        /// px
        width: Option<u32>,
        /// px
        height: Option<u32>,
    },
    /// As large as fits, the frame's own aspect kept.
    Within(Size),
}

impl SizeRule {
    /// The size of the picture of a frame that is displayed at the size `display`.
    ///
    /// # Errors
    /// As [`Size::fitted`].
    pub fn of(self, display: Size) -> Result<Size, TooLarge> {
        match self {
            Self::Sides { width, height } => display.fitted(width, height),
            Self::Within(outer) => Ok(display.within(outer)),
        }
    }
}

impl From<Size> for SizeRule {
    /// Exactly that.
    fn from(Size { width, height }: Size) -> Self {
        Self::Sides {
            width: Some(width),
            height: Some(height),
        }
    }
}

/// `given * other / side`, to the nearest even number, at least 8.
fn scaled(given: u32, other: u32, side: u32) -> u32 {
    let halves = 2 * u64::from(side.max(1));
    let twice = (u64::from(given) * u64::from(other) + halves / 2) / halves;
    u32::try_from(twice * 2).unwrap_or(u32::MAX).max(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: Size = Size {
        width: 1920,
        height: 1080,
    };

    #[test]
    fn one_side_keeps_the_aspect_and_is_even() {
        assert_eq!(
            HD.fitted(Some(160), None),
            Ok(Size {
                width: 160,
                height: 90
            })
        );
        assert_eq!(
            HD.fitted(None, Some(720)),
            Ok(Size {
                width: 1280,
                height: 720
            })
        );
        assert_eq!(
            HD.fitted(Some(641), None),
            Ok(Size {
                width: 641,
                height: 360
            })
        );
        assert_eq!(
            HD.fitted(Some(8), None),
            Ok(Size {
                width: 8,
                height: 8
            })
        );
    }

    #[test]
    fn both_sides_are_taken_as_said_and_none_is_the_display_size() {
        let square = Size {
            width: 200,
            height: 200,
        };
        assert_eq!(HD.fitted(Some(200), Some(200)), Ok(square));
        let odd = Size {
            width: 177,
            height: 99,
        };
        assert_eq!(odd.fitted(None, None), Ok(odd));
    }

    #[test]
    fn another_aspect_is_held_whole() {
        let size = |width, height| Size { width, height };
        let cell = size(160, 90);
        assert_eq!(HD.within(cell), cell);
        assert_eq!(size(853, 480).within(cell), cell, "only rounding differs");
        assert_eq!(size(640, 480).within(cell), size(120, 90));
        assert_eq!(size(1440, 240).within(cell), size(160, 27));
        assert_eq!(size(120, 90).within(cell), size(120, 90), "once more");
        assert_eq!(size(1, 4000).within(cell), size(1, 90));
    }

    #[test]
    fn a_rule_is_held_against_each_frame() {
        let size = |width, height| Size { width, height };
        let width = SizeRule::Sides {
            width: Some(320),
            height: None,
        };
        assert_eq!(width.of(HD), Ok(size(320, 180)));
        assert_eq!(width.of(size(640, 480)), Ok(size(320, 240)));
        assert_eq!(SizeRule::from(size(9, 7)).of(HD), Ok(size(9, 7)));
    }

    #[test]
    fn a_sliver_that_jpeg_cannot_hold_is_refused() {
        let sliver = Size {
            width: 2,
            height: 4000,
        };
        assert!(sliver.fitted(Some(4096), None).is_err());
    }
}
