//! What pictures are taken to be before the decoder has been asked.

use crate::frame_format::FrameFormat;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How the first pictures must look where the decoder has not yet been asked.
#[derive(Debug, Clone)]
pub(crate) struct AssumedFormat {
    format: FrameFormat,
    missed: Arc<AtomicBool>,
}

impl AssumedFormat {
    pub(crate) fn new(format: FrameFormat) -> Self {
        let missed = Arc::default();
        Self { format, missed }
    }

    /// Whether a picture looked otherwise.
    pub(crate) fn was_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }

    pub(super) fn is_met(&self, format: &FrameFormat) -> bool {
        let met = *format == self.format;
        self.missed.fetch_or(!met, Ordering::Relaxed);
        met
    }
}
