//! What comes out: pictures, and what they are to be.

use colour::PixelLayout;
use plan::{Size, SizeRule};

/// One frame as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The index of the frame in the timeline.
    pub frame: usize,
    /// As `layout` says.
    pub pixels: Vec<u8>,
    /// What `pixels` are.
    pub layout: PixelLayout,
    /// As asked for of a frame with this one's display size.
    pub size: Size,
    /// The decoder complained of the frame, or of one that it depends on: the picture is what
    /// could be made of it.
    pub damaged: bool,
}

/// What pictures are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFormat {
    /// Each frame's own display size decides.
    pub size: SizeRule,
    /// Of ordinary video. Pictures of wide gamut, of high dynamic range and of video stored as RGB
    /// always come as [`PixelLayout::Rgb24`].
    pub layout: PixelLayout,
}

impl From<Size> for PictureFormat {
    fn from(size: Size) -> Self {
        Self {
            size: size.into(),
            layout: PixelLayout::Rgb24,
        }
    }
}

/// Said by a taker of pictures who wants no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinkClosed;
