//! What is to be made of what.

use crate::frame_colour::FrameColour;
use crate::pixel_layout::PixelLayout;
use crate::sample_storage::SampleStorage;
use plan::Size;

/// Decoded frames, and the pictures wanted of them.
#[derive(Debug, Clone)]
pub struct FrameConversion<'a> {
    /// As decoded and rotated.
    pub shape: Size,
    /// Of all of them.
    pub colour: &'a FrameColour,
    /// Of all of them.
    pub storage: SampleStorage,
    /// Whether some frames may be interlaced. Those that are not stay as they are.
    pub interlaced: bool,
    /// Of the pictures.
    pub size: Size,
    /// Of the pictures, where their colours allow it.
    pub layout: PixelLayout,
}

impl FrameConversion<'_> {
    /// As the stream says; limited where it is silent.
    pub(crate) fn is_full_range(&self) -> bool {
        self.colour.full_range == Some(true)
    }
}
