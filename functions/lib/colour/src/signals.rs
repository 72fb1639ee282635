//! From stored numbers to signals from 0 to 1.

use crate::constant_luminance::ConstantLuminance;
use crate::conversion::FrameConversion;
use crate::linear::{Matrix, inverse, rounded};
use crate::matrix::luma_weights;
use crate::model::ColourModel;

/// Factors and offsets for 16-bit numbers (ITU-T H.273, 8.3).
#[derive(Debug)]
pub(crate) struct SignalDecoder {
    zero: [f32; 3],
    unit: [f32; 3],
    matrix: [[f32; 3]; 3],
    constant: Option<ConstantLuminance>,
}

/// Of red, green and blue from 0 to 1: Y, Cg and Co of matrix 8.
const YCGCO: Matrix = [[0.25, 0.5, 0.25], [-0.25, 0.5, -0.25], [0.5, 0.0, -0.5]];
/// Those of matrices 16 and 17 but for the rounding: their differences are twice as large.
const YCGCO_R: Matrix = [[0.25, 0.5, 0.25], [-0.5, 1.0, -0.5], [1.0, 0.0, -1.0]];
/// The planes of RGB come as green, blue, red.
const PLANES_OF_RGB: Matrix = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

/// One step of 8 bits, and grey among differences.
const STEP: f64 = 256.0;
const NEUTRAL: f64 = 128.0 * STEP;

/// What stands for 0 and how far it is from there to 1.
struct NumberScale {
    black: f64,
    luma: f64,
    difference: f64,
}

impl NumberScale {
    fn of(model: ColourModel, full_range: bool, bits: u8) -> Self {
        // YCgCo is made of red, green and blue that are already numbers, of fewer bits where the
        // differences must not lose any.
        let (numbers, more_bits) = match model {
            ColourModel::Orange { bits } => (true, bits),
            _ => (false, 0),
        };
        let (black, luma, difference) = match full_range {
            true => {
                let part = f64::from(bits.clamp(8, 16)) - f64::from(more_bits);
                let scale = (part.exp2() - 1.0) * 2f64.powi(16 - i32::from(bits.clamp(8, 16)));
                return Self {
                    black: 0.0,
                    luma: scale,
                    difference: scale,
                };
            }
            false => (16.0 * STEP, 219.0 * STEP, 224.0 * STEP),
        };
        let smaller = f64::from(1 << more_bits);
        Self {
            black: black / smaller,
            luma: luma / smaller,
            difference: if numbers { luma / smaller } else { difference },
        }
    }
}

impl SignalDecoder {
    pub(crate) fn new(frames: &FrameConversion<'_>, model: ColourModel) -> Self {
        let bits = frames.storage.bits;
        if frames.storage.rgb {
            return Self::with([0.0; 3], [full_scale(bits); 3], PLANES_OF_RGB);
        }
        let scale = NumberScale::of(model, frames.is_full_range(), bits);
        let zero = [scale.black, NEUTRAL, NEUTRAL];
        let one = [scale.luma, scale.difference, scale.difference];
        match model {
            ColourModel::Luma(matrix) => Self::with(zero, one, luma_weights(matrix.red_and_blue())),
            ColourModel::Linear(matrix) => Self::with(zero, one, matrix),
            ColourModel::Orange { bits: 0 } => Self::with(zero, one, inverse(&YCGCO)),
            ColourModel::Orange { .. } => Self::with(zero, one, inverse(&YCGCO_R)),
            ColourModel::Cones(cones) => Self::with(zero, one, cones.signals),
            ColourModel::ConstantLuminance(constant) => Self {
                constant: Some(constant),
                ..Self::with(zero, one, crate::linear::IDENTITY)
            },
        }
    }

    fn with(zero: [f64; 3], one: [f64; 3], matrix: Matrix) -> Self {
        Self {
            zero: zero.map(|zero| zero as f32),
            unit: one.map(|one| (1.0 / one) as f32),
            matrix: rounded(&matrix),
            constant: None,
        }
    }

    #[inline]
    pub(crate) fn signals(&self, numbers: [f32; 3]) -> [f32; 3] {
        let coded = [0, 1, 2].map(|at: usize| (numbers[at] - self.zero[at]) * self.unit[at]);
        match &self.constant {
            Some(constant) => constant.signals(coded),
            None => self.matrix.map(|row| dot(&row, &coded)),
        }
    }
}

/// The largest number of so many bits once it is shifted up to 16, as the scaler does.
pub(crate) fn full_scale(bits: u8) -> f64 {
    let bits = u32::from(bits.clamp(8, 16));
    f64::from(((1u32 << bits) - 1) << (16 - bits))
}

#[inline]
pub(crate) fn dot(row: &[f32; 3], vector: &[f32; 3]) -> f32 {
    row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]
}
