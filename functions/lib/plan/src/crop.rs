//! What of the coded pictures is shown: `clap` of MP4, `PixelCrop` of Matroska.

use crate::Size;
use serde::{Deserialize, Serialize};

/// How much is cut off at each side of the picture that the decoder gives, px, before rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// Columns at the left.
    pub left: u32,
    /// Rows at the top.
    pub top: u32,
    /// Columns at the right.
    pub right: u32,
    /// Rows at the bottom.
    pub bottom: u32,
}

impl Crop {
    /// None where it cuts nothing off, or leaves nothing of `size`: a stream whose pictures get
    /// smaller on the way is then shown whole.
    #[must_use]
    pub fn within(self, size: Size) -> Option<Self> {
        let leaves = |side: u32, cut: [u32; 2]| {
            let left = side.checked_sub(cut[0])?.checked_sub(cut[1])?;
            (left > 0).then_some(left)
        };
        let width = leaves(size.width, [self.left, self.right])?;
        let height = leaves(size.height, [self.top, self.bottom])?;
        (Size { width, height } != size).then_some(self)
    }

    /// What is left of `size`, px.
    #[must_use]
    pub fn size(self, size: Size) -> Size {
        let left = |side: u32, cut: [u32; 2]| side.saturating_sub(cut[0]).saturating_sub(cut[1]);
        Size {
            width: left(size.width, [self.left, self.right]),
            height: left(size.height, [self.top, self.bottom]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_nothing_is_no_crop() {
        let size = Size {
            width: 160,
            height: 90,
        };
        let crop = |left, top, right, bottom| Crop {
            left,
            top,
            right,
            bottom,
        };
        assert_eq!(crop(0, 0, 0, 0).within(size), None);
        assert_eq!(crop(100, 0, 60, 0).within(size), None);
        assert_eq!(crop(0, u32::MAX, 0, 1).within(size), None);
        let one = crop(159, 0, 0, 89);
        assert_eq!(one.within(size), Some(one));
        let left = one.size(size);
        assert_eq!((left.width, left.height), (1, 1));
    }
}
