//! What pictures are taken to be before the decoder has been asked.

use crate::frame_format::FrameFormat;
use crate::frame_info::FrameInfo;
use crate::listing::first_frame::display_size;
use colour::FrameColour;
use plan::Size;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How every picture must look where the decoder has not yet been asked.
#[derive(Debug, Clone)]
pub(crate) struct AssumedFormat {
    look: FrameFormat,
    display: Size,
    missed: Arc<AtomicBool>,
}

impl AssumedFormat {
    pub(crate) fn new(look: FrameFormat, display: Size) -> Self {
        Self {
            look,
            display,
            missed: Arc::default(),
        }
    }

    /// Whether a picture looked otherwise.
    pub(crate) fn was_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }

    pub(super) fn is_met(&self, frame: &FrameInfo, colour: Option<FrameColour>) -> bool {
        let met = display_size(frame) == self.display
            && colour.is_some_and(|colour| FrameFormat::new(frame, colour) == self.look);
        self.missed.fetch_or(!met, Ordering::Relaxed);
        met
    }
}
