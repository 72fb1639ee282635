//! The frames of an animated image until all are there: its colours are chosen from all of them.

use crate::pictures::cover;
use crate::pictures::failure::Interrupted;
use media::Picture;
use plan::Size;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;

/// A file without a name.
#[derive(Debug)]
pub(super) struct ClipSpool {
    pub(super) file: File,
    pub(super) size: Size,
    /// How often each frame of the timeline is shown, one after another.
    shown: BTreeMap<usize, usize>,
    frames: usize,
    black: usize,
}

impl ClipSpool {
    /// For the frames of these numbers, which never fall.
    pub(super) fn new(
        frames: impl IntoIterator<Item = usize>,
        size: Size,
    ) -> Result<Self, Interrupted> {
        let mut shown = BTreeMap::new();
        for frame in frames {
            *shown.entry(frame).or_insert(0) += 1;
        }
        Ok(Self {
            file: tempfile::tempfile().map_err(unusable)?,
            size,
            shown,
            frames: 0,
            black: 0,
        })
    }

    /// The frames to be kept, rising, each once.
    pub(super) fn wanted(&self) -> Vec<usize> {
        self.shown.keys().copied().collect()
    }

    /// Keeps a frame as often as it is shown. They come in their order.
    pub(super) fn keep(&mut self, picture: &Picture) -> Result<(), Interrupted> {
        let times = self.shown.get(&picture.frame).copied().unwrap_or(0);
        for _ in 0..times {
            self.file.write_all(&picture.pixels).map_err(unusable)?;
        }
        self.frames += times;
        if cover::is_black(picture)? {
            self.black += times;
        }
        Ok(())
    }

    /// How many frames are there.
    pub(super) fn frames(&self) -> usize {
        self.frames
    }

    /// How much of it is black, from 0 to 100.
    pub(super) fn black_percent(&self) -> usize {
        self.black * 100 / self.frames.max(1)
    }
}

/// A full disk, say: it may be there again in the next run.
fn unusable(cause: std::io::Error) -> Interrupted {
    Interrupted::Retry(format!("the folder for temporary files: {cause}"))
}
