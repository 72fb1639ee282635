//! Matrices: how luma and colour differences make red, green and blue.

use crate::frame_colour::FrameColour;
use crate::gamut::ColourPrimaries;
use crate::linear::Matrix;
use plan::Size;

/// ITU-T H.273, table 4: those of weighted luma whose weights are constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColourMatrix {
    Bt601,
    Bt709,
    Bt2020,
    Fcc,
    Smpte240M,
}

/// A source without a word about its colours is taken as players take it: BT.709 from this size
/// on, upright or lying, BT.601 below.
const HD_LONG_SIDE_PX: u32 = 1280;
const HD_SHORT_SIDE_PX: u32 = 720;

impl ColourMatrix {
    /// As the stream says; where it is silent, as its primaries or else its `shape` suggest.
    pub(crate) fn of(colour: &FrameColour, primaries: ColourPrimaries, shape: Size) -> Self {
        match colour.matrix {
            1 => Self::Bt709,
            5 | 6 => Self::Bt601,
            9 => Self::Bt2020,
            4 => Self::Fcc,
            7 => Self::Smpte240M,
            _ => Self::guess(colour.primaries, primaries, shape),
        }
    }

    fn guess(code: u16, primaries: ColourPrimaries, shape: Size) -> Self {
        let (long, short) = (shape.width.max(shape.height), shape.width.min(shape.height));
        match (primaries, code) {
            (ColourPrimaries::Bt2020, _) => Self::Bt2020,
            (ColourPrimaries::P3, _) | (_, 1) => Self::Bt709,
            (_, 5 | 6) => Self::Bt601,
            _ if long >= HD_LONG_SIDE_PX || short >= HD_SHORT_SIDE_PX => Self::Bt709,
            _ => Self::Bt601,
        }
    }

    /// In the words of ffmpeg's scaler, old and new.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bt601 => "smpte170m",
            Self::Bt709 => "bt709",
            Self::Bt2020 => "bt2020",
            Self::Fcc => "fcc",
            Self::Smpte240M => "smpte240m",
        }
    }

    /// The parts of red and blue in luma.
    pub(crate) fn red_and_blue(self) -> (f64, f64) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt2020 => (0.2627, 0.0593),
            Self::Fcc => (0.30, 0.11),
            Self::Smpte240M => (0.212, 0.087),
        }
    }
}

/// From luma and colour differences to red, green and blue, by the parts of red and blue in luma.
pub(crate) fn luma_weights((red, blue): (f64, f64)) -> Matrix {
    let green = 1.0 - red - blue;
    let (of_v, of_u) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
    [
        [1.0, 0.0, of_v],
        [1.0, -of_u * blue / green, -of_v * red / green],
        [1.0, of_u, 0.0],
    ]
}
