//! What a decoded frame looks like, and what becomes of it.

use crate::colour::{self, Filters, Frames};
use crate::index::shown::{Colour, ShownFrame, Storage};
use crate::{Form, Target};
use plan::Size;

/// What the first frame tells of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: Colour,
    storage: Storage,
    interlaced: bool,
}

impl Look {
    pub(crate) fn new(frame: &ShownFrame, colour: Colour) -> Self {
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
pub(crate) struct Output {
    filters: Filters,
    pub(crate) size: Size,
}

impl Output {
    pub(crate) fn new(look: &Look, target: Target) -> Self {
        let Target { size, form } = target;
        let filters = colour::picture_filters(&Frames {
            shape: look.shape,
            colour: &look.colour,
            storage: look.storage,
            interlaced: look.interlaced,
            size,
            form,
        });
        Self { filters, size }
    }

    /// For ffmpeg: from a frame to a raw picture.
    pub(crate) fn filters(&self) -> &str {
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
    pub(crate) fn form(&self) -> Form {
        self.filters.form
    }

    /// From a raw picture to a finished one.
    pub(crate) fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        self.filters.finish(raw)
    }
}
