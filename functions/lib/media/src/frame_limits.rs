//! Frames that are too large, found out before any is decoded.

use crate::MediaError;
use plan::{Budget, LimitExceeded, Limits, Size};

/// That a frame of this size may be decoded.
pub(crate) fn check_frame(coded: Size, limits: &Limits) -> Result<(), MediaError> {
    let limit = limits.max_pixels_per_frame;
    let Size { width, height } = coded;
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= limit {
        return Ok(());
    }
    Err(MediaError::TooLarge {
        width,
        height,
        pixels,
        limit,
    })
}

/// That so many frames of this size may be decoded in one pass.
pub(crate) fn check_pass(size: Size, frames: usize, limits: &Limits) -> Result<(), LimitExceeded> {
    let pixels = size.pixels().saturating_mul(frames as u64);
    limits.check(Budget::DecodedPixels, pixels)
}
