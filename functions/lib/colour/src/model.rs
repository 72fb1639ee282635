//! What a frame's three numbers are, for every code point of ITU-T H.273, table 4.

use crate::chromaticity::Chromaticities;
use crate::cone_response::ConeResponse;
use crate::constant_luminance::ConstantLuminance;
use crate::frame_colour::{DOLBY_VISION_IPT, FrameColour};
use crate::gamut::ColourPrimaries;
use crate::linear::{Matrix, inverse};
use crate::matrix::{ColourMatrix, luma_weights};
use crate::transfer::TransferFunction;
use plan::Size;

/// How signals are made of luma (or lightness) and two differences.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ColourModel {
    /// Luma with weights that ffmpeg's scaler knows as well.
    Luma(ColourMatrix),
    /// A matrix that it doesn't know.
    Linear(Matrix),
    /// Green and the differences of orange and green: YCgCo. The bits are those that luma and
    /// differences have more of than red, green and blue.
    Orange {
        bits: u32,
    },
    /// Signals of the eye's cones, in place of red, green and blue.
    Cones(ConeResponse),
    ConstantLuminance(ConstantLuminance),
}

impl ColourModel {
    /// As the stream says. What is unspecified, reserved, contradicts itself (the code of RGB on
    /// luma) or needs primaries that nobody states counts as unspecified.
    pub(crate) fn of(
        colour: &FrameColour,
        primaries: ColourPrimaries,
        transfer: TransferFunction,
        shape: Size,
    ) -> Self {
        let derived = Chromaticities::of(colour.primaries).map(Chromaticities::red_and_blue);
        match (colour.matrix, derived) {
            (8, _) => Self::Orange { bits: 0 },
            (16, _) => Self::Orange { bits: 2 },
            (17, _) => Self::Orange { bits: 1 },
            (10, _) => {
                let weights = ColourMatrix::Bt2020.red_and_blue();
                Self::ConstantLuminance(ConstantLuminance::new(weights, colour.transfer))
            }
            (11, _) => Self::Linear(inverse(&SMPTE_2085)),
            (12, Some(weights)) => Self::Linear(luma_weights(weights)),
            (13, Some(weights)) => {
                Self::ConstantLuminance(ConstantLuminance::new(weights, colour.transfer))
            }
            (14, _) => Self::Cones(ConeResponse::ictcp(transfer)),
            (15 | DOLBY_VISION_IPT, _) => Self::Cones(ConeResponse::ipt_c2()),
            _ => Self::Luma(ColourMatrix::of(colour, primaries, shape)),
        }
    }
}

/// ITU-T H.273, equations for matrix 11: from red, green, blue, which are X, Y and Z there.
const SMPTE_2085: Matrix = [
    [0.0, 1.0, 0.0],
    [0.0, -0.5, 0.986_566 / 2.0],
    [0.5, -0.991_902 / 2.0, 0.0],
];
