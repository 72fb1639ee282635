//! From the decoder's numbers to 8-bit RGB as screens without a colour profile show it: BT.709
//! primaries, sRGB encoding, full range. A JPEG without a profile means just that.
//!
//! Two ways lead there:
//!
//! - **Ordinary video** (standard dynamic range, primaries near BT.709's) is scaled and converted
//!   by ffmpeg's own scaler; the raw pictures are `rgb24` and final. Where pictures are wanted as
//!   a JPEG stores them, they are only scaled, and their planes brought to BT.601 here: ffmpeg
//!   would go by RGB for that, at four times the work. Its numbers are shown as they
//!   are, as players do: the small difference between the BT.601 and BT.709 primaries and between
//!   BT.1886 and sRGB encoding is left alone.
//! - **Wide gamut and high dynamic range** (BT.2020 or P3 primaries; PQ or HLG) is only scaled by
//!   ffmpeg, its numbers unchanged, and developed to RGB here ([`develop`]): linear light, tone
//!   curve, gamut, encoding. Every build and version of ffmpeg gives the same picture so, and
//!   none needs more than its scaler.

mod conversion;
mod deinterlace;
mod develop;
mod gamut;
mod matrix;
mod planes;
mod scale;
mod tables;
mod tone;
mod transfer;

use crate::picture::PixelLayout;
pub(crate) use conversion::FrameConversion;

use develop::LightConverter;
use gamut::ColourPrimaries;
use matrix::ColourMatrix;

use planes::MatrixChange;
use transfer::TransferFunction;

/// The way from a decoded frame to RGB.
#[derive(Debug)]
pub(crate) struct FilterChain {
    /// For ffmpeg: from a frame to raw pixels of exactly the size wanted.
    pub(crate) chain: String,
    /// Of the raw pixels, in ffmpeg's words.
    pub(crate) pixel_format: &'static str,
    /// Of one raw picture.
    pub(crate) bytes: usize,
    /// Of the finished picture.
    pub(crate) layout: PixelLayout,
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
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        match &self.finish {
            FinishStep::Done => raw,
            FinishStep::Develop(developer) => developer.develop(&raw),
            FinishStep::Rematrix(rematrix) => rematrix.apply(&raw),
        }
    }
}

/// How pictures of `frames` are made.
pub(crate) fn picture_filters(frames: &FrameConversion<'_>) -> FilterChain {
    let transfer = TransferFunction::of(frames.colour);
    let primaries = ColourPrimaries::of(frames.colour, transfer);
    let ordinary = transfer == TransferFunction::Standard && primaries == ColourPrimaries::Bt709;
    let matrix = ColourMatrix::of(frames.colour, primaries, frames.shape);
    let way = if !ordinary {
        ConversionPath::developed(
            frames,
            LightConverter::new(frames, matrix, transfer, primaries),
        )
    } else if frames.layout == PixelLayout::Yuv420Full && !frames.storage.rgb {
        ConversionPath::planes(frames, matrix)
    } else {
        ConversionPath::rgb(frames, matrix)
    };
    FilterChain {
        chain: format!("{}{}", deinterlace::filters(frames), way.scale),
        pixel_format: way.pixel_format,
        bytes: usize::try_from(way.bytes).unwrap_or(usize::MAX),
        layout: way.layout,
        finish: way.finish,
    }
}

/// What is done after deinterlacing.
struct ConversionPath {
    scale: String,
    pixel_format: &'static str,
    bytes: u64,
    layout: PixelLayout,
    finish: FinishStep,
}

impl ConversionPath {
    fn rgb(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> Self {
        Self {
            scale: scale::to_rgb(frames, matrix),
            pixel_format: "rgb24",
            bytes: frames.size.pixels().saturating_mul(3),
            layout: PixelLayout::Rgb24,
            finish: FinishStep::Done,
        }
    }

    fn planes(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> Self {
        Self {
            scale: scale::to_planes(frames),
            pixel_format: "yuv420p16le",
            bytes: 2 * planes::numbers(frames.size),
            layout: PixelLayout::Yuv420Full,
            finish: FinishStep::Rematrix(MatrixChange::new(frames, matrix)),
        }
    }

    fn developed(frames: &FrameConversion<'_>, developer: LightConverter) -> Self {
        Self {
            scale: scale::alone(frames),
            pixel_format: scale::deep_format(frames),
            bytes: frames.size.pixels().saturating_mul(6),
            layout: PixelLayout::Rgb24,
            finish: FinishStep::Develop(developer),
        }
    }
}

#[cfg(test)]
mod tests;
