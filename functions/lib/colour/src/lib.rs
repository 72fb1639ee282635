//! From the numbers of decoded frames to pixels: 8-bit RGB as screens without a colour profile
//! show it (BT.709 primaries, sRGB encoding, full range), or what a JPEG stores of it. A JPEG
//! without a profile means just that.
//!
//! **Promise.** No I/O, no process: a pure function of what is known of a frame ([`FrameColour`],
//! [`SampleStorage`]) and of the picture wanted. What ffmpeg is told ([`FilterChain::chain`]) means
//! the same to every build and version of it, and needs no more than its scaler and deinterlacer.
//!
//! Two ways lead there:
//!
//! - **Ordinary video** (standard dynamic range, primaries near BT.709's) is scaled and converted
//!   by ffmpeg's own scaler; the raw pictures are `rgb24` and final. Where pictures are wanted as
//!   a JPEG stores them, they are only scaled, and their planes brought to BT.601 here: ffmpeg
//!   would go by RGB for that, at four times the work. Its numbers are shown as they
//!   are, as players do: the small difference between the BT.601 and BT.709 primaries and between
//!   BT.1886 and sRGB encoding is left alone.
//! - **Wide gamut and high dynamic range** (BT.2020 or P3 primaries; PQ or HLG), and every matrix
//!   that ffmpeg's scaler doesn't know (YCgCo, SMPTE ST 2085, ICtCp, IPT-C2, constant luminance,
//!   those derived from primaries), is only scaled by ffmpeg, its numbers unchanged, and developed to RGB here ([`FilterChain::finish`]): linear
//!   light, tone curve, gamut, encoding.
//!
//! What a frame says of its colours is taken off it before the first filter, and the scaler is told
//! everything: ffmpeg converts nothing by itself and refuses nothing. Code points that are reserved
//! or unknown count as unspecified.
//!
//! **Not here.** Running ffmpeg (`decoder`), its names of code points (`decoder::colour_names`),
//! finding out what a frame is (`media`), encoding pictures (`artifacts`).
//!
//! ```
//! use colour::{FrameColour, FrameConversion, PixelLayout, SampleStorage, picture_filters};
//! use plan::Size;
//!
//! let frames = FrameConversion {
//!     shape: Size { width: 1920, height: 1080 },
//!     colour: &FrameColour { full_range: Some(false), primaries: 9, transfer: 16, matrix: 9 },
//!     storage: SampleStorage { bits: 10, ..SampleStorage::default() },
//!     interlaced: false,
//!     crop: None,
//!     size: Size { width: 1, height: 1 },
//!     layout: PixelLayout::Rgb24,
//! };
//! let filters = picture_filters(&frames);
//! assert_eq!(filters.pixel_format, "yuv444p16le");
//! // One grey pixel as ffmpeg gives it: PQ of 203 cd/m2, luma and then both chroma numbers.
//! let raw = [573_u16 << 6, 512 << 6, 512 << 6].map(u16::to_le_bytes).concat();
//! assert_eq!(filters.finish(raw), [229; 3]);
//! ```

mod chromaticity;
mod cone_response;
mod constant_luminance;
mod conversion;
mod crop;
mod deinterlace;
mod develop;
mod frame_colour;
mod gamut;
mod linear;
mod matrix;
mod model;
mod pixel_layout;
mod planes;
mod sample_storage;
mod scale;
mod signals;
mod tables;
mod tone;
mod transfer;

pub use conversion::{FrameConversion, FrameCrop};
pub use frame_colour::{FrameColour, UNSPECIFIED};
pub use pixel_layout::PixelLayout;
pub use sample_storage::{ChromaSiting, SampleStorage};

use develop::LightConverter;
use gamut::ColourPrimaries;
use matrix::ColourMatrix;
use model::ColourModel;
use planes::MatrixChange;
use scale::NumberWay;
use transfer::TransferFunction;

/// The way from a decoded frame to RGB.
#[derive(Debug)]
pub struct FilterChain {
    /// For ffmpeg: from a frame to raw pixels of exactly the size wanted.
    pub chain: String,
    /// Of the raw pixels, in ffmpeg's words.
    pub pixel_format: &'static str,
    /// Of one raw picture.
    pub bytes: usize,
    /// Of the finished picture.
    pub layout: PixelLayout,
    finish: FinishStep,
}

/// From raw pixels to those of a picture.
#[derive(Debug)]
enum FinishStep {
    Done,
    Develop(LightConverter),
    Rematrix(MatrixChange),
}

impl FilterChain {
    /// From one raw picture to a finished one.
    #[must_use]
    pub fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        match &self.finish {
            FinishStep::Done => raw,
            FinishStep::Develop(developer) => developer.develop(&raw),
            FinishStep::Rematrix(rematrix) => rematrix.apply(&raw),
        }
    }
}

/// How pictures of `frames` are made.
#[must_use]
pub fn picture_filters(frames: &FrameConversion<'_>) -> FilterChain {
    let transfer = TransferFunction::of(frames.colour);
    let primaries = ColourPrimaries::of(frames.colour, transfer);
    let ordinary = transfer == TransferFunction::Standard && primaries == ColourPrimaries::Bt709;
    let model = ColourModel::of(frames.colour, primaries, transfer, frames.shape);
    let way = match model {
        _ if !ordinary || crop::splits_chroma(frames) => None,
        _ if frames.storage.rgb => Some(ConversionPath::rgb(frames, ColourMatrix::Bt709)),
        ColourModel::Luma(matrix) if frames.layout == PixelLayout::Yuv420Full => {
            Some(ConversionPath::planes(frames, matrix))
        }
        ColourModel::Luma(_) if frames.is_limited_grey() => None,
        ColourModel::Luma(matrix) => Some(ConversionPath::rgb(frames, matrix)),
        _ => None,
    };
    let developed = || LightConverter::new(frames, model, transfer, primaries);
    let way = way.unwrap_or_else(|| ConversionPath::developed(frames, developed()));
    let before = [
        scale::untagged(frames, way.numbers),
        deinterlace::filters(frames).to_owned(),
        crop::filters(frames),
    ];
    FilterChain {
        chain: before.concat() + &way.scale,
        pixel_format: way.pixel_format,
        bytes: usize::try_from(way.bytes).unwrap_or(usize::MAX),
        layout: way.layout,
        finish: way.finish,
    }
}

/// What is done after deinterlacing.
struct ConversionPath {
    numbers: NumberWay,
    scale: String,
    pixel_format: &'static str,
    bytes: u64,
    layout: PixelLayout,
    finish: FinishStep,
}

impl ConversionPath {
    fn rgb(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> Self {
        Self {
            numbers: NumberWay::Converted,
            scale: scale::to_rgb(frames, matrix),
            pixel_format: "rgb24",
            bytes: frames.size.pixels().saturating_mul(3),
            layout: PixelLayout::Rgb24,
            finish: FinishStep::Done,
        }
    }

    fn planes(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> Self {
        Self {
            numbers: NumberWay::Kept,
            scale: scale::to_planes(frames),
            pixel_format: "yuv420p16le",
            bytes: 2 * planes::numbers(frames.size),
            layout: PixelLayout::Yuv420Full,
            finish: FinishStep::Rematrix(MatrixChange::new(frames, matrix)),
        }
    }

    fn developed(frames: &FrameConversion<'_>, developer: LightConverter) -> Self {
        Self {
            numbers: NumberWay::Kept,
            scale: scale::alone(frames),
            pixel_format: scale::deep_format(frames),
            bytes: frames.size.pixels().saturating_mul(6),
            layout: PixelLayout::Rgb24,
            finish: FinishStep::Develop(developer),
        }
    }
}

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;
