//! What ffmpeg's `showinfo` says of the pictures that are let through.

use super::pairing::DecoderEvent;
use decoder::LineSink;
use decoder::{FrameNews, MissingReferences, SeenFrames};
use std::sync::mpsc::SyncSender;

/// Tells of each picture when all is known of it.
pub(super) struct MarkReader {
    frames: SeenFrames,
    /// None when all is said, so that the other end knows.
    events: Option<SyncSender<DecoderEvent>>,
}

impl MarkReader {
    pub(super) fn new(missing: MissingReferences, events: SyncSender<DecoderEvent>) -> Self {
        Self {
            frames: SeenFrames::new(missing),
            events: Some(events),
        }
    }
}

/// Nobody listening means that the attempt is over.
fn tell(events: &SyncSender<DecoderEvent>, news: FrameNews) {
    if let FrameNews::Frame(frame) = news {
        let _ = events.send(DecoderEvent::Marked(frame));
    }
}

impl LineSink for MarkReader {
    fn line(&mut self, line: &str) {
        if let Some(events) = &self.events {
            self.frames.line(line, |news| tell(events, news));
        }
    }

    fn end(&mut self) {
        if let Some(events) = self.events.take() {
            self.frames.end(|news| tell(&events, news));
            if self.frames.has_complained() {
                let _ = events.send(DecoderEvent::Complained);
            }
        }
    }
}
