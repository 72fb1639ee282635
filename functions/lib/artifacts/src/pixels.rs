//! The one check every pixel buffer passes.

use plan::Size;
use thiserror::Error;

/// Bytes per pixel: red, green, blue.
pub const CHANNELS: usize = 3;

/// A buffer that does not hold a picture of the size it is said to have.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{width}x{height} px of {form} are {expected} bytes, not {actual}")]
pub struct WrongLength {
    width: u32,
    height: u32,
    form: &'static str,
    expected: u64,
    actual: usize,
}

/// Whether `rgb` holds exactly a picture of `size`.
///
/// # Errors
/// See [`WrongLength`].
pub fn check(rgb: &[u8], size: Size) -> Result<(), WrongLength> {
    expect(
        rgb,
        size,
        "RGB",
        size.pixels().saturating_mul(CHANNELS as u64),
    )
}

/// Whether `plane` holds exactly one sample for each pixel of a picture of `size`.
pub(crate) fn check_plane(plane: &[u8], size: Size) -> Result<(), WrongLength> {
    expect(plane, size, "one plane", size.pixels())
}

/// Whether `planes` holds exactly a picture of `size` as 4:2:0.
pub(crate) fn check_planes(planes: &[u8], size: Size) -> Result<(), WrongLength> {
    let chroma = u64::from(size.width.div_ceil(2)) * u64::from(size.height.div_ceil(2));
    expect(planes, size, "4:2:0", size.pixels() + 2 * chroma)
}

fn expect(bytes: &[u8], size: Size, form: &'static str, expected: u64) -> Result<(), WrongLength> {
    if u64::try_from(bytes.len()) == Ok(expected) {
        return Ok(());
    }
    Err(WrongLength {
        width: size.width,
        height: size.height,
        form,
        expected,
        actual: bytes.len(),
    })
}
