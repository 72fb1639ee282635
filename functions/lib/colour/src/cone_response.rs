//! Colours as the eye's cones take them: ICtCp, and IPT as Dolby Vision has it.
//!
//! Both go from linear light of BT.2020's primaries to that of long, medium and short waves, mix a
//! little of each into the others (crosstalk), give each the transfer function, and make lightness
//! and two differences of the three.

use crate::linear::{Matrix, inverse, product};
use crate::transfer::TransferFunction;

/// The way back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConeResponse {
    /// From lightness and differences to signals of the cones.
    pub(crate) signals: Matrix,
    /// From linear light of the cones to red, green and blue.
    pub(crate) to_rgb: Matrix,
}

/// ITU-R BT.2100-2, table 7: light of the cones, crosstalk of 4 % included.
const BT2100_LMS: Matrix = parts_of_4096([
    [1688.0, 2146.0, 262.0],
    [683.0, 2951.0, 462.0],
    [99.0, 309.0, 3688.0],
]);

/// ITU-R BT.2100-2, table 7: I, Ct and Cp of PQ.
const ICTCP_PQ: Matrix = parts_of_4096([
    [2048.0, 2048.0, 0.0],
    [6610.0, -13613.0, 7003.0],
    [17933.0, -17390.0, -543.0],
]);

/// ITU-R BT.2100-2, table 7: I, Ct and Cp of HLG.
const ICTCP_HLG: Matrix = parts_of_4096([
    [2048.0, 2048.0, 0.0],
    [3625.0, -7465.0, 3840.0],
    [9500.0, -9212.0, -288.0],
]);

/// Ebner and Fairchild, 1998: I, P and T.
const IPT: Matrix = [
    [0.4, 0.4, 0.2],
    [4.455, -4.851, 0.396],
    [0.8056, 0.3572, -1.1628],
];

impl ConeResponse {
    /// ITU-T H.273, matrix 14.
    pub(crate) fn ictcp(transfer: TransferFunction) -> Self {
        let forth = match transfer {
            TransferFunction::Hlg => ICTCP_HLG,
            _ => ICTCP_PQ,
        };
        Self {
            signals: inverse(&forth),
            to_rgb: inverse(&BT2100_LMS),
        }
    }

    /// ITU-T H.273, matrix 15: IPT with the crosstalk of 2 % that its name says.
    pub(crate) fn ipt_c2() -> Self {
        let cones = product(&inverse(&crosstalk(0.04)), &BT2100_LMS);
        Self {
            signals: inverse(&IPT),
            to_rgb: inverse(&product(&crosstalk(0.02), &cones)),
        }
    }
}

/// So much of each of the other two.
const fn crosstalk(part: f64) -> Matrix {
    let own = 1.0 - 2.0 * part;
    [[own, part, part], [part, own, part], [part, part, own]]
}

const fn parts_of_4096(m: Matrix) -> Matrix {
    const fn row(row: [f64; 3]) -> [f64; 3] {
        [row[0] / 4096.0, row[1] / 4096.0, row[2] / 4096.0]
    }
    [row(m[0]), row(m[1]), row(m[2])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::apply;

    #[test]
    fn grey_has_no_colour_in_any_of_them() {
        for response in [
            ConeResponse::ictcp(TransferFunction::Pq),
            ConeResponse::ictcp(TransferFunction::Hlg),
            ConeResponse::ipt_c2(),
        ] {
            let cones = apply(&response.signals, [0.5, 0.0, 0.0]);
            let rgb = apply(&response.to_rgb, cones);
            assert!(rgb.iter().all(|v| (v - 0.5).abs() < 2e-3), "{rgb:?}");
        }
    }

    /// What the metadata of Dolby Vision's profile 5 carry, in parts of 8192.
    #[test]
    fn ipt_decodes_by_the_numbers_of_dolby_vision() {
        let signals = ConeResponse::ipt_c2().signals;
        let known = [[8192, 799, 1681], [8192, -933, 1091], [8192, 267, -5545]];
        for (row, known) in signals.iter().zip(known) {
            for (value, known) in row.iter().zip(known) {
                assert!((value * 8192.0 - f64::from(known)).abs() < 1.0);
            }
        }
    }
}
