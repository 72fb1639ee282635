//! What a decoded frame looks like, and what becomes of it.

use crate::frame_info::FrameInfo;
use crate::picture::PictureFormat;
use colour::{FilterChain, FrameColour, FrameConversion, PixelLayout, SampleStorage};
use plan::Size;

/// What the first frame tells of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrameFormat {
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: FrameColour,
    storage: SampleStorage,
    interlaced: bool,
}

impl FrameFormat {
    pub(crate) fn new(frame: &FrameInfo, colour: FrameColour) -> Self {
        let shape = Size {
            width: frame.width.max(1),
            height: frame.height.max(1),
        };
        Self {
            shape,
            colour,
            storage: frame.storage,
            interlaced: frame.interlaced,
        }
    }
}

/// The way from a decoded frame to a picture.
#[derive(Debug)]
pub(crate) struct PictureFilter {
    filters: FilterChain,
    pub(crate) size: Size,
}

impl PictureFilter {
    pub(crate) fn new(frame: &FrameFormat, target: PictureFormat) -> Self {
        let PictureFormat { size, layout } = target;
        let filters = colour::picture_filters(&FrameConversion {
            shape: frame.shape,
            colour: &frame.colour,
            storage: frame.storage,
            interlaced: frame.interlaced,
            size,
            layout,
        });
        Self { filters, size }
    }

    /// For ffmpeg: from a frame to a raw picture.
    pub(crate) fn chain(&self) -> &str {
        &self.filters.chain
    }

    /// Of the raw picture, in ffmpeg's words.
    pub(crate) fn pixel_format(&self) -> &'static str {
        self.filters.pixel_format
    }

    /// Of the raw picture.
    pub(crate) fn bytes_per_picture(&self) -> usize {
        self.filters.bytes
    }

    /// Of the finished picture.
    pub(crate) fn layout(&self) -> PixelLayout {
        self.filters.layout
    }

    /// From a raw picture to a finished one.
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        self.filters.finish(raw)
    }
}
