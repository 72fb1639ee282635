//! Primaries: which red, green and blue the numbers mean.

use crate::frame_colour::FrameColour;
use crate::linear::Matrix;
use crate::transfer::TransferFunction;

/// ITU-T H.273, table 2. All but XYZ have the white D65.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColourPrimaries {
    /// Those of BT.709, and others near enough (BT.601).
    Bt709,
    /// BT.2020, BT.2100.
    Bt2020,
    /// Display P3, SMPTE EG 432-1.
    P3,
    /// X, Y and Z of CIE 1931 in their place: what SMPTE ST 2085 is made for.
    Xyz,
}

impl ColourPrimaries {
    /// High dynamic range that does not say is BT.2100, which has BT.2020's.
    pub(crate) fn of(colour: &FrameColour, transfer: TransferFunction) -> Self {
        match colour.primaries {
            0 | 2 | 3 | 10 if colour.matrix == 11 => Self::Xyz,
            9 => Self::Bt2020,
            12 => Self::P3,
            // Unspecified and reserved.
            0 | 2 | 3 => match (transfer, colour.matrix) {
                (TransferFunction::Standard, 9 | 10 | 14 | 15) => Self::Bt2020,
                (TransferFunction::Standard, _) => Self::Bt709,
                _ => Self::Bt2020,
            },
            _ => Self::Bt709,
        }
    }

    /// From linear light of these primaries to that of BT.709: rows give red, green, blue. From
    /// the chromaticities (SMPTE RP 177); BT.2020's is that of BT.2087, 4.
    pub(crate) fn to_bt709(self) -> Matrix {
        match self {
            Self::Bt709 => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Bt2020 => [
                [1.660_491, -0.587_641_1, -0.072_849_9],
                [-0.124_550_5, 1.132_899_9, -0.008_349_4],
                [-0.018_150_8, -0.100_578_9, 1.118_729_7],
            ],
            Self::P3 => [
                [1.224_940_2, -0.224_940_2, 0.0],
                [-0.042_056_9, 1.042_056_9, 0.0],
                [-0.019_637_6, -0.078_636_1, 1.098_273_6],
            ],
            Self::Xyz => [
                [3.240_969_9, -1.537_383_2, -0.498_610_8],
                [-0.969_243_6, 1.875_967_5, 0.041_555_1],
                [0.055_630_1, -0.203_977_0, 1.056_971_5],
            ],
        }
    }

    /// The part of each in luminance.
    pub(crate) fn luminance(self) -> [f64; 3] {
        match self {
            Self::Bt709 => [0.2126, 0.7152, 0.0722],
            Self::Bt2020 => [0.2627, 0.6780, 0.0593],
            Self::P3 => [0.228_974_6, 0.691_738_5, 0.079_286_9],
            Self::Xyz => [0.0, 1.0, 0.0],
        }
    }
}
