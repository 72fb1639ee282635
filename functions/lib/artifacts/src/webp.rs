//! Pictures as WebP: lossy, 4:2:0, without metadata, by libwebp.
//!
//! For those who load many sheets: a WebP that looks the same as our JPEG is smaller and takes more
//! processor time. `docs/benchmarks.md` has both in numbers.
//!
//! libwebp is C, in this process: it is given pixels of our own and reads no file. The encoder of the
//! `image` crate, in Rust, knows no loss of detail, and so its files are several times as large.

use crate::Quality;
use crate::pixels::{self, WrongLength};
use plan::Size;
use plan::size::MAX_WEBP_SIDE_PX;
use thiserror::Error;
use webp::{Encoder, WebPConfig};

/// How hard libwebp tries, 0 to 6. From 3 on it weighs every block's bits against its loss: twice the
/// time for a twentieth of the bytes.
const METHOD: i32 = 2;

/// A picture that could not be written.
#[derive(Debug, Error)]
pub enum WebpError {
    /// The pixels and the size disagree.
    #[error(transparent)]
    WrongLength(#[from] WrongLength),
    /// A side of 0, or beyond WebP's 14 bits.
    #[error("a WebP side is between 1 and {MAX_WEBP_SIDE_PX} px; the picture is {width}x{height}")]
    Side {
        /// px
        width: u32,
        /// px
        height: u32,
    },
    /// The encoder gave up.
    #[error("the WebP encoder failed: {0}")]
    Encoder(String),
}

/// The WebP of `rgb`: 8-bit red, green, blue, rows from the top. It looks as much like them as a JPEG
/// of that `quality` does.
///
/// # Errors
/// A buffer whose length is not that of `size`, a side of 0 or over 16,383 px.
pub fn encode(rgb: &[u8], size: Size, quality: Quality) -> Result<Vec<u8>, WebpError> {
    check_sides(size)?;
    pixels::check(rgb, size)?;
    let encoder = Encoder::from_rgb(rgb, size.width, size.height);
    let encoded = encoder.encode_advanced(&config(quality)?);
    let failed = |cause| WebpError::Encoder(format!("{cause:?}"));
    Ok(encoded.map_err(failed)?.to_vec())
}

/// Whether WebP can count the sides.
pub(crate) fn check_sides(Size { width, height }: Size) -> Result<(), WebpError> {
    let counts = |side| (1..=MAX_WEBP_SIDE_PX).contains(&side);
    match counts(width) && counts(height) {
        true => Ok(()),
        false => Err(WebpError::Side { width, height }),
    }
}

fn config(quality: Quality) -> Result<WebPConfig, WebpError> {
    let unusable = |()| WebpError::Encoder("its configuration is of another version".to_owned());
    let mut config = WebPConfig::new().map_err(unusable)?;
    config.method = METHOD;
    config.quality = alike(quality);
    Ok(config)
}

/// The quality, as libwebp counts, at which a WebP looks as much like its original as a JPEG of
/// `quality`: of ten sheets the middle one needs 78 for 75, 86 for 85 and 91 for 90.
fn alike(quality: Quality) -> f32 {
    f32::from(quality.get().saturating_add(1).min(100))
}

#[cfg(test)]
mod tests;
