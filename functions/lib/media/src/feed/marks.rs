//! What ffmpeg's `showinfo` says of the pictures that are let through.

use super::pairing::{Event, Shown};
use crate::index::first::display_size;
use crate::index::graph::GraphCheck;
use crate::index::shown::{self, Colour, Shown as Line, ShownFrame};
use crate::look::Look;
use crate::process::Gather;
use plan::Size;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// How every picture must look where the decoder has not yet been asked.
#[derive(Debug, Clone)]
pub(crate) struct Assumed {
    look: Look,
    display: Size,
    missed: Arc<AtomicBool>,
}

impl Assumed {
    pub(crate) fn new(look: Look, display: Size) -> Self {
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

    fn is_met(&self, frame: &ShownFrame, colour: Option<Colour>) -> bool {
        let met = display_size(frame) == self.display
            && colour.is_some_and(|colour| Look::new(frame, colour) == self.look);
        self.missed.fetch_or(!met, Ordering::Relaxed);
        met
    }
}

/// Tells of each picture when all is known of it: its colours are said after its time.
pub(super) struct Marks {
    assumed: Option<Assumed>,
    graphs: GraphCheck,
    /// Whether all frames so far went through filters that were made for them.
    fits: bool,
    frame: Option<ShownFrame>,
    /// None when all is said, so that the other end knows.
    events: Option<SyncSender<Event>>,
}

impl Marks {
    pub(super) fn new(assumed: Option<Assumed>, events: SyncSender<Event>) -> Self {
        Self {
            assumed,
            graphs: GraphCheck::default(),
            fits: true,
            frame: None,
            events: Some(events),
        }
    }

    fn tell(&mut self, colour: Option<Colour>) {
        let (Some(frame), Some(events)) = (self.frame.take(), &self.events) else {
            return;
        };
        let assumed = self.assumed.as_ref();
        let shown = Shown {
            pts: frame.pts.and_then(|pts| u64::try_from(pts).ok()),
            as_assumed: self.fits && assumed.is_none_or(|assumed| assumed.is_met(&frame, colour)),
        };
        // Nobody listening means that the attempt is over.
        let _ = events.send(Event::Shown(shown));
    }
}

impl Gather for Marks {
    fn line(&mut self, line: &str) {
        let Some(shown) = shown::parse(line) else {
            return;
        };
        if !matches!(shown, Line::Colour(_)) {
            self.tell(None);
        }
        self.fits = self.graphs.holds(&shown);
        match shown {
            Line::Frame(frame) => self.frame = Some(frame),
            Line::Colour(colour) => self.tell(Some(colour)),
            Line::Clock(..) => {}
        }
    }

    fn end(&mut self) {
        self.tell(None);
        self.events = None;
    }
}
