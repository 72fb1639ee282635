//! What ffmpeg's `showinfo` says of the pictures that are let through.

use super::assumed_format::AssumedFormat;
use super::pairing::{DecoderEvent, MarkedFrame};
use crate::frame_info::FrameInfo;
use crate::listing::graph_check::GraphCheck;
use crate::listing::showinfo::{self, ShowinfoLine};
use colour::FrameColour;
use decoder::LineSink;
use std::sync::mpsc::SyncSender;

/// Tells of each picture when all is known of it: its colours are said after its time.
pub(super) struct MarkReader {
    assumed: Option<AssumedFormat>,
    graphs: GraphCheck,
    /// Whether all frames so far went through filters that were made for them.
    fits: bool,
    frame: Option<FrameInfo>,
    /// None when all is said, so that the other end knows.
    events: Option<SyncSender<DecoderEvent>>,
}

impl MarkReader {
    pub(super) fn new(assumed: Option<AssumedFormat>, events: SyncSender<DecoderEvent>) -> Self {
        Self {
            assumed,
            graphs: GraphCheck::default(),
            fits: true,
            frame: None,
            events: Some(events),
        }
    }

    fn tell(&mut self, colour: Option<FrameColour>) {
        let (Some(frame), Some(events)) = (self.frame.take(), &self.events) else {
            return;
        };
        let assumed = self.assumed.as_ref();
        let shown = MarkedFrame {
            pts: frame.pts.and_then(|pts| u64::try_from(pts).ok()),
            as_assumed: self.fits && assumed.is_none_or(|assumed| assumed.is_met(&frame, colour)),
        };
        // Nobody listening means that the attempt is over.
        let _ = events.send(DecoderEvent::Marked(shown));
    }
}

impl LineSink for MarkReader {
    fn line(&mut self, line: &str) {
        let Some(shown) = showinfo::parse(line) else {
            return;
        };
        if !matches!(shown, ShowinfoLine::Colour(_)) {
            self.tell(None);
        }
        self.fits = self.graphs.holds(&shown);
        match shown {
            ShowinfoLine::Frame(frame) => self.frame = Some(frame),
            ShowinfoLine::Colour(colour) => self.tell(Some(colour)),
            ShowinfoLine::Clock(..) => {}
        }
    }

    fn end(&mut self) {
        self.tell(None);
        self.events = None;
    }
}
