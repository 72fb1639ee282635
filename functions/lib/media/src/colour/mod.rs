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

use develop::Developer;
use gamut::Primaries;
use matrix::Matrix;

use planes::Rematrix;
use transfer::Transfer;

/// The way from a decoded frame to RGB.
#[derive(Debug)]
pub(crate) struct Filters {
    /// For ffmpeg: from a frame to raw pixels of exactly the size wanted.
    pub(crate) chain: String,
    /// Of the raw pixels, in ffmpeg's words.
    pub(crate) pixel_format: &'static str,
    /// Of one raw picture.
    pub(crate) bytes: usize,
    /// Of the finished picture.
    pub(crate) layout: PixelLayout,
    finish: Finish,
}

/// From raw pixels to those of a picture.
#[derive(Debug)]
enum Finish {
    Done,
    Develop(Developer),
    Rematrix(Rematrix),
}

impl Filters {
    /// From one raw picture to a finished one.
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        match &self.finish {
            Finish::Done => raw,
            Finish::Develop(developer) => developer.develop(&raw),
            Finish::Rematrix(rematrix) => rematrix.apply(&raw),
        }
    }
}

/// How pictures of `frames` are made.
pub(crate) fn picture_filters(frames: &FrameConversion<'_>) -> Filters {
    let transfer = Transfer::of(frames.colour);
    let primaries = Primaries::of(frames.colour, transfer);
    let ordinary = transfer == Transfer::Standard && primaries == Primaries::Bt709;
    let matrix = Matrix::of(frames.colour, primaries, frames.shape);
    let way = if !ordinary {
        Way::developed(frames, Developer::new(frames, matrix, transfer, primaries))
    } else if frames.layout == PixelLayout::Yuv420Full && !frames.storage.rgb {
        Way::planes(frames, matrix)
    } else {
        Way::rgb(frames, matrix)
    };
    Filters {
        chain: format!("{}{}", deinterlace::filters(frames), way.scale),
        pixel_format: way.pixel_format,
        bytes: usize::try_from(way.bytes).unwrap_or(usize::MAX),
        layout: way.layout,
        finish: way.finish,
    }
}

/// What is done after deinterlacing.
struct Way {
    scale: String,
    pixel_format: &'static str,
    bytes: u64,
    layout: PixelLayout,
    finish: Finish,
}

impl Way {
    fn rgb(frames: &FrameConversion<'_>, matrix: Matrix) -> Self {
        Self {
            scale: scale::to_rgb(frames, matrix),
            pixel_format: "rgb24",
            bytes: frames.size.pixels().saturating_mul(3),
            layout: PixelLayout::Rgb24,
            finish: Finish::Done,
        }
    }

    fn planes(frames: &FrameConversion<'_>, matrix: Matrix) -> Self {
        Self {
            scale: scale::to_planes(frames),
            pixel_format: "yuv420p16le",
            bytes: 2 * planes::numbers(frames.size),
            layout: PixelLayout::Yuv420Full,
            finish: Finish::Rematrix(Rematrix::new(frames, matrix)),
        }
    }

    fn developed(frames: &FrameConversion<'_>, developer: Developer) -> Self {
        Self {
            scale: scale::alone(frames),
            pixel_format: scale::deep_format(frames),
            bytes: frames.size.pixels().saturating_mul(6),
            layout: PixelLayout::Rgb24,
            finish: Finish::Develop(developer),
        }
    }
}

#[cfg(test)]
mod tests;
