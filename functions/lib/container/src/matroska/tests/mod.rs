//! The index beside what ffmpeg's own demuxer lists, and on damaged files.

mod against_ffmpeg;
mod choice;
mod clips;
mod damaged;
mod decoded;
mod encryption;
mod far;
mod named_formats;
mod rewrite;
mod shape;
mod sparse_index;

use crate::test_support::{self, Bytes, LIMITS};
use crate::{IndexError, VideoTrack};
use source::FileSource;
use std::path::{Path, PathBuf};

fn index_file(path: &Path) -> Result<VideoTrack, IndexError> {
    super::index(&FileSource::open(path).unwrap(), LIMITS)
}

/// Files of a folder of test media whose names end like a Matroska's.
fn media(folder: &str) -> Vec<PathBuf> {
    test_support::media(folder, &["mkv", "webm"])
}
