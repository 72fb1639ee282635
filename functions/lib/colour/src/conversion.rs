//! What is to be made of what.

use crate::frame_colour::FrameColour;
use crate::pixel_layout::PixelLayout;
use crate::sample_storage::SampleStorage;
use plan::Size;

/// Decoded frames of one colour and storage, and the pictures wanted of them.
#[derive(Debug, Clone)]
pub struct FrameConversion<'a> {
    /// As decoded, rotated and cropped.
    pub shape: Size,
    /// Of all of them: what a frame says itself is not asked again.
    pub colour: &'a FrameColour,
    /// Of all of them.
    pub storage: SampleStorage,
    /// Whether some frames may be interlaced. Those that are not stay as they are.
    pub interlaced: bool,
    /// Where `shape` lies; none where it is the whole frame.
    pub crop: Option<FrameCrop>,
    /// Of the pictures.
    pub size: Size,
    /// Of the pictures, where their colours allow it.
    pub layout: PixelLayout,
}

/// Where the part begins that a picture is made of. Its size is the `shape` of the conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameCrop {
    /// As decoded and rotated; the part lies within.
    pub decoded: Size,
    /// px, cut from the left.
    pub left: u32,
    /// px, cut from the top.
    pub top: u32,
}

impl FrameConversion<'_> {
    /// As the stream says; where it is silent, limited but for grey.
    pub(crate) fn is_full_range(&self) -> bool {
        self.colour.full_range.unwrap_or(self.storage.grey)
    }

    /// What ffmpeg's scaler of 9.0 would take for full range.
    pub(crate) fn is_limited_grey(&self) -> bool {
        self.storage.grey && !self.is_full_range()
    }

    /// As decoded and rotated.
    pub(crate) fn decoded(&self) -> Size {
        self.crop.map_or(self.shape, |crop| crop.decoded)
    }
}
