//! What comes out: pictures, and what they are to be.

use colour::PixelLayout;
use plan::Size;

/// One frame as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The index of the frame in the timeline.
    pub frame: usize,
    /// As `layout` says.
    pub pixels: Vec<u8>,
    /// What `pixels` are.
    pub layout: PixelLayout,
    /// As asked for.
    pub size: Size,
}

/// What pictures are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFormat {
    /// px
    pub size: Size,
    /// Of ordinary video. Pictures of wide gamut, of high dynamic range and of video stored as RGB
    /// always come as [`PixelLayout::Rgb24`].
    pub layout: PixelLayout,
}

impl From<Size> for PictureFormat {
    fn from(size: Size) -> Self {
        Self {
            size,
            layout: PixelLayout::Rgb24,
        }
    }
}

/// Said by a taker of pictures who wants no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinkClosed;
