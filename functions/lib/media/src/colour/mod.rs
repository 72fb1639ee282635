//! From the decoder's numbers to 8-bit RGB as screens without a colour profile show it: BT.709
//! primaries, sRGB encoding, full range. A JPEG without a profile means just that.
//!
//! Two ways lead there:
//!
//! - **Ordinary video** (standard dynamic range, primaries near BT.709's) is scaled and converted
//!   by ffmpeg's own scaler; the raw pictures are `rgb24` and final. Its numbers are shown as they
//!   are, as players do: the small difference between the BT.601 and BT.709 primaries and between
//!   BT.1886 and sRGB encoding is left alone.
//! - **Wide gamut and high dynamic range** (BT.2020 or P3 primaries; PQ or HLG) is only scaled by
//!   ffmpeg, its numbers unchanged, and developed to RGB here ([`develop`]): linear light, tone
//!   curve, gamut, encoding. Every build and version of ffmpeg gives the same picture so, and
//!   none needs more than its scaler.

mod deinterlace;
mod develop;
mod gamut;
mod matrix;
mod scale;
mod tables;
mod tone;
mod transfer;

use crate::index::shown::{Colour, Storage};
use develop::Developer;
use gamut::Primaries;
use matrix::Matrix;
use plan::Size;
use transfer::Transfer;

/// Decoded frames, and the pictures wanted of them.
#[derive(Debug, Clone)]
pub(crate) struct Frames<'a> {
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: &'a Colour,
    pub(crate) storage: Storage,
    /// Whether some frames may be interlaced. Those that are not stay as they are.
    pub(crate) interlaced: bool,
    /// Of the pictures.
    pub(crate) size: Size,
}

/// The way from a decoded frame to RGB.
#[derive(Debug)]
pub(crate) struct Filters {
    /// For ffmpeg: from a frame to raw pixels of exactly the size wanted.
    pub(crate) chain: String,
    /// Of the raw pixels, in ffmpeg's words.
    pub(crate) pixel_format: &'static str,
    /// Of one raw picture.
    pub(crate) bytes: usize,
    developer: Option<Developer>,
}

impl Filters {
    /// From one raw picture to red, green and blue of 8 bits each, rows from the top.
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        match &self.developer {
            None => raw,
            Some(developer) => developer.develop(&raw),
        }
    }
}

/// How pictures of `frames` are made.
pub(crate) fn picture_filters(frames: &Frames<'_>) -> Filters {
    let transfer = Transfer::of(frames.colour);
    let primaries = Primaries::of(frames.colour, transfer);
    let ordinary = transfer == Transfer::Standard && primaries == Primaries::Bt709;
    let matrix = Matrix::of(frames.colour, primaries, frames.shape);
    let (scale, pixel_format, bytes_per_pixel, developer) = if ordinary {
        (scale::to_rgb(frames, matrix), "rgb24", 3, None)
    } else {
        let developer = Developer::new(frames, matrix, transfer, primaries);
        (
            scale::alone(frames),
            scale::deep_format(frames),
            6,
            Some(developer),
        )
    };
    let chain = format!("{}{scale}", deinterlace::filters(frames));
    let bytes = frames.size.pixels().saturating_mul(bytes_per_pixel);
    Filters {
        chain,
        pixel_format,
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        developer,
    }
}

/// Full range, as the stream says; limited where it is silent.
fn is_full_range(colour: &Colour) -> bool {
    matches!(&*colour.range, "pc" | "full" | "jpeg")
}

#[cfg(test)]
mod tests;
