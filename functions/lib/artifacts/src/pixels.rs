//! The one check every pixel buffer passes.

use plan::Size;
use thiserror::Error;

/// Bytes per pixel: red, green, blue.
pub const CHANNELS: usize = 3;

/// A buffer that does not hold a picture of the size it is said to have.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{width}x{height} px of RGB are {expected} bytes, not {actual}")]
pub struct WrongLength {
    width: u32,
    height: u32,
    expected: u64,
    actual: usize,
}

/// Whether `rgb` holds exactly a picture of `size`.
///
/// # Errors
/// See [`WrongLength`].
pub fn check(rgb: &[u8], size: Size) -> Result<(), WrongLength> {
    let expected = size.pixels().saturating_mul(CHANNELS as u64);
    if u64::try_from(rgb.len()) == Ok(expected) {
        return Ok(());
    }
    Err(WrongLength {
        width: size.width,
        height: size.height,
        expected,
        actual: rgb.len(),
    })
}
