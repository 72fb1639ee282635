//! Pictures that are turned by quarters, or mirrored.

use crate::Crop;

/// What a display matrix does to a picture: turned first, mirrored then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuarterTurn {
    /// Rows become columns.
    pub is_turned: bool,
    /// What is left comes to be right.
    mirrors_across: bool,
    /// What is up comes to be down.
    mirrors_down: bool,
}

impl QuarterTurn {
    /// None for anything but whole quarters. ISO/IEC 14496-12, 8.3.2: rows of the matrix give
    /// where a step to the right, and a step down, lead.
    #[must_use]
    pub fn of(matrix: &[i32; 9]) -> Option<Self> {
        let alike = |one: i32, other: i32| one != 0 && one.unsigned_abs() == other.unsigned_abs();
        match (matrix[0], matrix[1], matrix[3], matrix[4]) {
            (a, 0, 0, d) if alike(a, d) => Some(Self {
                is_turned: false,
                mirrors_across: a < 0,
                mirrors_down: d < 0,
            }),
            (0, b, c, 0) if alike(b, c) => Some(Self {
                is_turned: true,
                mirrors_across: c < 0,
                mirrors_down: b < 0,
            }),
            _ => None,
        }
    }

    /// The filter of ffmpeg that does it; none where there is nothing to do.
    #[must_use]
    pub fn filter(self) -> Option<&'static str> {
        match (self.is_turned, self.mirrors_across, self.mirrors_down) {
            (false, false, false) => None,
            (false, true, false) => Some("hflip"),
            (false, false, true) => Some("vflip"),
            (false, true, true) => Some("hflip,vflip"),
            (true, false, false) => Some("transpose=cclock_flip"),
            (true, true, false) => Some("transpose=clock"),
            (true, false, true) => Some("transpose=cclock"),
            (true, true, true) => Some("transpose=clock_flip"),
        }
    }

    /// What is cut off at each side of the picture once it is turned.
    #[must_use]
    pub fn applied(self, crop: Crop) -> Crop {
        let across = (crop.left, crop.right);
        let down = (crop.top, crop.bottom);
        let (across, down) = if self.is_turned {
            (down, across)
        } else {
            (across, down)
        };
        let swapped = |(one, other), is_mirrored| {
            if is_mirrored {
                (other, one)
            } else {
                (one, other)
            }
        };
        let (left, right) = swapped(across, self.mirrors_across);
        let (top, bottom) = swapped(down, self.mirrors_down);
        Crop {
            left,
            top,
            right,
            bottom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quarter_turns_are_told() {
        let one = 0x1_0000;
        let turned = |a, b, c, d| {
            let turn = QuarterTurn::of(&[a, b, 0, c, d, 0, 0, 0, 1 << 30]);
            turn.map(|turn| turn.is_turned)
        };
        assert_eq!(turned(one, 0, 0, one), Some(false));
        assert_eq!(turned(-one, 0, 0, one), Some(false));
        assert_eq!(turned(0, one, -one, 0), Some(true));
        assert_eq!(turned(one, one, -one, one), None);
        assert_eq!(turned(0, 0, 0, 0), None);
    }
}
