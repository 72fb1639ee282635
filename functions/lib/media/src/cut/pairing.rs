//! What was to come, what ffmpeg says that it shows, and the pixels, brought together.

use super::expected::ExpectedPicture;
use crate::MediaError;
use crate::picture::SinkClosed;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError};

/// What the readers of the two outputs find. When both are at their ends, the channel closes.
#[derive(Debug)]
pub(super) enum DecoderEvent {
    Pixels(Vec<u8>),
    Marked(MarkedFrame),
}

/// What ffmpeg says of a picture that is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MarkedFrame {
    /// On the fed stream's clock.
    pub(super) pts: Option<u64>,
    /// Its shape and its colours are those that the filters were chosen for, where they were
    /// assumed; and its size and format those that the filters were built for.
    pub(super) as_assumed: bool,
}

/// Brings together what was to come, what ffmpeg says that it shows, and the pixels. Each comes
/// in order, but at its own pace.
pub(super) struct PicturePairing {
    expected: Receiver<ExpectedPicture>,
    pub(super) shown: VecDeque<MarkedFrame>,
    pub(super) pixels: VecDeque<Vec<u8>>,
}

impl PicturePairing {
    pub(super) fn new(expected: Receiver<ExpectedPicture>) -> Self {
        Self {
            expected,
            shown: VecDeque::new(),
            pixels: VecDeque::new(),
        }
    }

    pub(super) fn settle(
        &mut self,
        deliver: &mut dyn FnMut(Vec<u8>) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        while !self.shown.is_empty() && !self.pixels.is_empty() {
            let (Some(shown), Some(pixels)) = (self.shown.pop_front(), self.pixels.pop_front())
            else {
                break;
            };
            let expected = self.expected.try_recv().ok();
            let is_it = expected.is_some_and(|expected| shown.pts == Some(expected.pts));
            if !is_it || !shown.as_assumed {
                tracing::debug!(?expected, ?shown, "another picture came");
                return Err(MediaError::IndexMismatch);
            }
            deliver(pixels).map_err(|SinkClosed| MediaError::Stopped)?;
        }
        Ok(())
    }

    /// Whether nothing is still to come. To be asked when the feeder has ended.
    pub(super) fn is_settled(&self) -> bool {
        self.expected.try_recv() == Err(TryRecvError::Disconnected)
    }
}
