//! What is to be made of what.

use crate::frame_info::{FrameColour, SampleStorage};
use crate::picture::PixelLayout;
use plan::Size;

/// Decoded frames, and the pictures wanted of them.
#[derive(Debug, Clone)]
pub(crate) struct FrameConversion<'a> {
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: &'a FrameColour,
    pub(crate) storage: SampleStorage,
    /// Whether some frames may be interlaced. Those that are not stay as they are.
    pub(crate) interlaced: bool,
    /// Of the pictures.
    pub(crate) size: Size,
    /// Of the pictures, where their colours allow it.
    pub(crate) layout: PixelLayout,
}

impl FrameConversion<'_> {
    /// As the stream says; limited where it is silent.
    pub(super) fn is_full_range(&self) -> bool {
        self.colour.full_range == Some(true)
    }
}
