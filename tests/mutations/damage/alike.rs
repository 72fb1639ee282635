//! What there is to see of a job, and whether it is the same in another.

use crate::job::{self, Ending};
use decoder::Ffmpeg;
use std::fmt;
use std::path::Path;
use std::process::Command;

/// One picture.
#[derive(PartialEq)]
pub(super) struct Shown {
    pub(super) at_ms: u64,
    pub(super) is_damaged: bool,
    /// As its pixels say.
    pub(super) number: Option<u64>,
    pixels: Vec<u8>,
}

impl fmt::Debug for Shown {
    /// Without the pixels.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at_ms,
            is_damaged,
            number,
            ..
        } = self;
        write!(out, "{at_ms} ms: {number:?}, damaged: {is_damaged}")
    }
}

/// The video of `from` in a container of its own, as a filter of packets leaves it.
pub(super) fn remux(ffmpeg: &Path, from: &Path, filter: &str, to: &Path) {
    let made = Command::new(ffmpeg)
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(from)
        .args(["-c", "copy", "-bsf:v", filter])
        .arg(to)
        .status();
    assert!(made.unwrap().success());
}

/// What is given at these times; nothing where no frame decodes.
pub(super) fn shown(ffmpeg: &Ffmpeg, path: &Path, times_ms: &[u64]) -> Vec<Shown> {
    let pictures = match job::at(ffmpeg, path, times_ms) {
        Ending::Pictures(pictures) => pictures,
        Ending::Code(_) => Vec::new(),
        Ending::Wrong(what) => panic!("{what}"),
    };
    let shown = pictures.into_iter().map(|picture| Shown {
        at_ms: picture.at_us / 1000,
        is_damaged: picture.is_damaged,
        number: support::number(&picture.pixels),
        pixels: picture.pixels.into_raw(),
    });
    shown.collect()
}
