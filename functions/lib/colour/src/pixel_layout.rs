//! How pixels lie in memory.

/// What the pixels of a picture are. All numbers are of 8 bits and full range, rows from the top,
/// pixels from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelLayout {
    /// 3 bytes each: red, green, blue.
    Rgb24,
    /// As a JPEG of 4:2:0 stores them: luma, then both chroma planes of half the width and height,
    /// rounded up; BT.601, each chroma sample in the middle of its four pixels.
    Yuv420Full,
}
