//! Pictures as JPEG: baseline, JFIF, BT.601 full range, 4:2:0.
//!
//! Why this way and this quality: from one frame of footage, CPU of ffmpeg and this process
//! together and less what decoding costs (`cargo bench -p artifacts --bench outputs`, ffmpeg
//! 5.1.9, a busy machine: read ratios):
//!
//! | picture | way | CPU ms | KB | SSIM | PSNR dB |
//! |---|---|---|---|---|---|
//! | 1920x1080 | raw RGB through the pipe, not encoded | 15.2 | 6220 | | |
//! | 1920x1080 | **raw RGB, encoded here at 90** | 29.3 | 364 | 0.992 | 43.6 |
//! | 1920x1080 | raw RGB, encoded by the `image` crate at 90 | 55.3 | 407 | 0.992 | 44.1 |
//! | 1920x1080 | Motion JPEG by ffmpeg, `-q:v 2` | 17.2 | 302 | 0.990 | 41.7 |
//! | 1280x720 | **raw RGB, encoded here at 90** | 13.1 | 210 | 0.989 | 41.8 |
//! | 1280x720 | Motion JPEG by ffmpeg, `-q:v 2` | 8.5 | 182 | 0.989 | 41.0 |
//! | 640x360 | **raw RGB, encoded here at 90** | 3.4 | 85 | 0.984 | 38.4 |
//! | 640x360 | Motion JPEG by ffmpeg, `-q:v 2` | 2.6 | 79 | 0.988 | 39.3 |
//! | 160x90 | **raw RGB, encoded here at 90** | 0.21 | 7.8 | 0.993 | 37.1 |
//! | 160x90 | Motion JPEG by ffmpeg, `-q:v 2` | 0.17 | 7.2 | 0.995 | 38.4 |
//!
//! Decoding up to a wanted frame of 1080p takes 170 to 300 ms, so ffmpeg's own encoder would save
//! a twentieth, and cost the one way for all: high dynamic range and sheets need raw pixels, and
//! bytes would change with ffmpeg's version. Quality 90 keeps an SSIM of 0.98 to 0.99; 95 gains
//! 0.003 to 0.009 for half as many bytes again.

mod error;
mod planes;

pub use error::JpegError;

use crate::pixels;
pub(crate) use error::sides;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, ImageBuffer, SamplingFactor};
use plan::Size;
use planes::Planes;
use thiserror::Error;

/// How much detail a JPEG keeps, 1 (least) to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality(u8);

/// A quality outside 1 to 100.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a JPEG quality is between 1 and 100, not {0}")]
pub struct NoSuchQuality(u8);

impl Quality {
    /// # Errors
    /// A value outside 1 to 100.
    pub fn new(value: u8) -> Result<Self, NoSuchQuality> {
        if (1..=100).contains(&value) {
            Ok(Self(value))
        } else {
            Err(NoSuchQuality(value))
        }
    }

    /// 1 to 100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for Quality {
    /// 90: no loss to be seen at ordinary distance.
    fn default() -> Self {
        Self(90)
    }
}

/// The JPEG of `rgb`: 8-bit red, green, blue, rows from the top.
///
/// # Errors
/// A buffer whose length is not that of `size`, a side of 0 or over 65,535 px.
pub fn encode(rgb: &[u8], size: Size, quality: Quality) -> Result<Vec<u8>, JpegError> {
    let (width, height) = sides(size)?;
    pixels::check(rgb, size)?;
    let mut out = Vec::new();
    encoder(&mut out, quality).encode(rgb, width, height, ColorType::Rgb)?;
    Ok(out)
}

/// The JPEG of `planes`: 8-bit luma rows, then the two chroma planes of half the width and height,
/// rounded up; BT.601, full range, as JPEG stores them.
///
/// # Errors
/// As [`encode`].
pub fn encode_planes(planes: &[u8], size: Size, quality: Quality) -> Result<Vec<u8>, JpegError> {
    let planes = Planes::new(planes, size)?;
    let mut out = Vec::new();
    let mut encoder = encoder(&mut out, quality);
    // Each chroma sample is given four times: any of the four is their mean.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Nearest);
    encoder.encode_image(planes)?;
    Ok(out)
}

/// The JPEG of rows made on demand.
pub(crate) fn encode_rows(rows: impl ImageBuffer, quality: Quality) -> Result<Vec<u8>, JpegError> {
    let mut out = Vec::new();
    encoder(&mut out, quality).encode_image(rows)?;
    Ok(out)
}

/// Chroma is the mean of its four pixels; the encoder's default takes the upper left one, which
/// moves colours by half a pixel. At 1080p that costs 15.7 ms in place of 14.1 and saves 3.5 % of
/// the bytes. Huffman tables stay the standard ones: optimised ones save 7 % more but cost 25 ms,
/// hold the whole picture once more, and put each component into a scan of its own, which not
/// every decoder reads correctly with 4:2:0 (the `image` crate's gives noise).
fn encoder(out: &mut Vec<u8>, quality: Quality) -> Encoder<&mut Vec<u8>> {
    let mut encoder = Encoder::new(out, quality.get());
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder
}

#[cfg(test)]
mod tests;
