//! Where red, green, blue and white lie among all colours: ITU-T H.273, table 2.

use crate::linear::{Matrix, apply, inverse};

/// CIE 1931 x and y.
type Place = [f64; 2];

/// Of one code point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chromaticities {
    primaries: [Place; 3],
    white: Place,
}

const D65: Place = [0.3127, 0.3290];
const C: Place = [0.310, 0.316];

/// Red, green, blue and white of each code point.
const TABLE_2: [(u16, [Place; 3], Place); 11] = [
    (1, [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]], D65),
    (4, [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08]], C),
    (5, [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]], D65),
    (6, [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]], D65),
    (7, [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]], D65),
    (8, [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049]], C),
    (9, [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]], D65),
    (
        10,
        [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]],
        [1.0 / 3.0, 1.0 / 3.0],
    ),
    (
        11,
        [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]],
        [0.314, 0.351],
    ),
    (12, [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]], D65),
    (22, [[0.630, 0.340], [0.295, 0.605], [0.155, 0.077]], D65),
];

impl Chromaticities {
    /// None for what is unspecified or reserved.
    pub(crate) fn of(code: u16) -> Option<Self> {
        let found = TABLE_2.iter().find(|(known, ..)| *known == code);
        found.map(|&(_, primaries, white)| Self { primaries, white })
    }

    /// From linear red, green and blue to CIE XYZ: SMPTE RP 177. A white has a luminance of 1.
    pub(crate) fn to_xyz(self) -> Matrix {
        let [red, green, blue] = self.primaries.map(|[x, y]| [x, y, 1.0 - x - y]);
        let plain = [0, 1, 2].map(|row: usize| [red[row], green[row], blue[row]]);
        let [x, y] = self.white;
        let parts = apply(&inverse(&plain), [x / y, 1.0, (1.0 - x - y) / y]);
        plain.map(|row| [row[0] * parts[0], row[1] * parts[1], row[2] * parts[2]])
    }

    /// The parts of red and blue in luminance, which are those in luma of a matrix derived from
    /// chromaticities (ITU-T H.273, equations 32 to 37).
    pub(crate) fn red_and_blue(self) -> (f64, f64) {
        let [red, _, blue] = self.to_xyz()[1];
        (red, blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luma(code: u16) -> (f64, f64) {
        Chromaticities::of(code).unwrap().red_and_blue()
    }

    #[test]
    fn chromaticities_give_the_luma_that_their_standards_state() {
        for (code, red, blue) in [
            (1, 0.2126, 0.0722),
            (4, 0.299, 0.114),
            (7, 0.212, 0.087),
            (9, 0.2627, 0.0593),
            (12, 0.2290, 0.0793),
            (10, 0.0, 0.0),
        ] {
            let (r, b) = luma(code);
            assert!((r - red).abs() < 1e-3, "{code}: {r} is not {red}");
            assert!((b - blue).abs() < 1e-3, "{code}: {b} is not {blue}");
        }
    }

    #[test]
    fn all_of_the_table_and_no_more() {
        let known = (0..300).filter(|code| Chromaticities::of(*code).is_some());
        let known: Vec<u16> = known.collect();
        assert_eq!(known, [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22]);
    }
}
