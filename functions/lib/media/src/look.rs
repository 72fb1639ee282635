//! What a decoded frame looks like, and what becomes of it.

use crate::index::shown::{Colour, ShownFrame};
use crate::{Ffmpeg, colour};
use plan::Size;

/// What the first frame tells of all.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: Colour,
}

impl Look {
    pub(crate) fn new(frame: &ShownFrame, colour: Colour) -> Self {
        let shape = Size {
            width: frame.width.max(1),
            height: frame.height.max(1),
        };
        Self { shape, colour }
    }
}

/// The way from a decoded frame to a picture.
#[derive(Debug)]
pub(crate) struct Output {
    /// From the frame to raw pixels.
    pub(crate) filters: String,
    /// Of the raw pixels, in ffmpeg's words.
    pub(crate) pixel_format: &'static str,
    pub(crate) size: Size,
}

impl Output {
    pub(crate) fn new(look: &Look, size: Size, ffmpeg: &Ffmpeg) -> Self {
        Self {
            filters: colour::picture_filters(look, size, ffmpeg),
            pixel_format: "rgb24",
            size,
        }
    }

    /// Of the raw pixels.
    pub(crate) fn bytes_per_picture(&self) -> usize {
        usize::try_from(self.size.pixels() * 3).unwrap_or(usize::MAX)
    }

    /// From raw pixels to red, green and blue of 8 bits.
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        raw
    }
}
