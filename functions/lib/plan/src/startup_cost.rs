//! What a process costs.

use crate::Size;

/// The pixels that decode in the time a process takes to start and open its file: 24 frames of
/// 1080p by measurement.
const STARTUP_PIXELS: u64 = 24 * 1920 * 1080;

/// Decoding so many frames of this size costs as much as another process.
#[must_use]
pub fn startup_frames(shape: Size) -> usize {
    let frames = usize::try_from(STARTUP_PIXELS / shape.pixels().max(1)).unwrap_or(usize::MAX);
    frames.clamp(6, 2000)
}
