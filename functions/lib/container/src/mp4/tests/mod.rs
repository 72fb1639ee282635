//! The index beside what ffmpeg's own demuxer lists, and on damaged files.

mod against_ffmpeg;
mod by_hand;
mod choice;
mod clips;
mod damaged;
mod encryption;
mod order;
mod parts;
mod reads;
mod rewrite;
mod shape;
mod still;

use crate::test_support::{self, Bytes, LIMITS};
use crate::{IndexError, VideoTrack};
use source::FileSource;
use std::path::{Path, PathBuf};

fn index_file(path: &Path) -> Result<VideoTrack, IndexError> {
    super::index(&FileSource::open(path).unwrap(), LIMITS)
}

/// Files of a folder of test media whose names end like an MP4's.
fn media(folder: &str) -> Vec<PathBuf> {
    test_support::media(folder, &["mp4", "mov", "m4v", "3gp"])
}
