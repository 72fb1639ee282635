//! The frames of a sample and what each refers to.

use plan::FrameLinks;
use std::ops::Range;

/// What a sample is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodedFrames {
    /// In decoding order.
    pub frames: Vec<CodedFrame>,
    /// All of the sample, in order.
    pub pieces: Vec<SamplePiece>,
}

impl CodedFrames {
    /// All of a sample of so many bytes is this one.
    pub(super) fn single(frame: CodedFrame, bytes: usize) -> Self {
        let piece = SamplePiece {
            frame: Some(0),
            place: 0..bytes,
        };
        Self {
            frames: vec![frame],
            pieces: vec![piece],
        }
    }

    /// The size of a frame; with the first is counted what stays.
    #[must_use]
    pub fn bytes_of(&self, frame: usize) -> u64 {
        let own = self
            .pieces
            .iter()
            .filter(|piece| piece.frame.unwrap_or(0) == frame);
        own.map(|piece| piece.place.len() as u64).sum()
    }
}

/// A frame, which a decoder takes or is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodedFrame {
    /// What it needs and what becomes of it.
    pub links: FrameLinks,
    /// The decoder gives a picture for it.
    pub is_shown: bool,
    /// The decoder counts on it, whatever is wanted.
    pub is_always_needed: bool,
}

/// A part of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePiece {
    /// Which of the frames it belongs to. None: it stays whichever are left out.
    pub frame: Option<usize>,
    /// Where it lies.
    pub place: Range<usize>,
}
