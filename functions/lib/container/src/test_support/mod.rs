//! What the tests of the containers have in common.

mod clips;
mod damage;
mod far;
mod frames;
mod packets;

pub(crate) use clips::{Made, SMALL, made_clip, noisy};
pub(crate) use damage::{check_index, check_track, damaged_files};
pub(crate) use far::{far, take_pictures};
pub(crate) use frames::{assert_parts_tell, assert_same_at, differences_of_frames, timeline};
pub(crate) use packets::{Trust, compare};

use crate::{IndexError, IndexLimits, VideoTrack};
use decoder::{Ffmpeg, Search, locate};
use plan::CodedSample;
use source::{FileSource, RangeSource, ReadError};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) const LIMITS: IndexLimits = IndexLimits {
    streams: 100,
    bytes: 64 << 20,
    samples: plan::SampleLimit::samples(2_000_000),
};

/// The whole index of a file.
pub(crate) fn index(path: &Path) -> Result<VideoTrack, IndexError> {
    crate::index(&FileSource::open(path).unwrap(), LIMITS)
}

/// A file in memory.
#[derive(Debug)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl RangeSource for Bytes {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let start = usize::try_from(offset).unwrap();
        let bytes = self.0.get(start..start.saturating_add(into.len()));
        into.copy_from_slice(bytes.ok_or(ReadError::Changed)?);
        Ok(())
    }
}

/// Where a request takes as long as so many bytes.
#[derive(Debug)]
pub(crate) struct FarBytes(pub(crate) Bytes);

impl RangeSource for FarBytes {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }

    fn gap_bytes(&self) -> u64 {
        128 << 10
    }
}

/// A sample of which nothing matters but its time.
pub(crate) fn shown_at(pts: i64) -> CodedSample {
    CodedSample {
        offset: 0,
        size: 0,
        pts,
        sync: false,
        shown: true,
        encrypted: false,
    }
}

/// Files of a folder of test media with one of these extensions.
pub(crate) fn media(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let corpus = std::env::var_os("VOD_SNAPSHOT_CORPUS").expect("the corpus is not named");
    let listed = Path::new(&corpus).join(folder).read_dir().unwrap();
    let paths = listed.map(|entry| entry.unwrap().path());
    let is_wanted = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extensions.iter().any(|e| *e == extension))
    };
    let mut paths: Vec<PathBuf> = paths.filter(is_wanted).collect();
    paths.sort();
    paths
}

/// Files of all folders of test media with one of these extensions.
pub(crate) fn all_media(extensions: &[&str]) -> Vec<PathBuf> {
    let folders = ["real", "malformed", "reported", "synthetic"];
    let all = folders.map(|folder| media(folder, extensions));
    all.concat()
}

/// The one that would be used, and the newest.
pub(crate) fn ffmpegs() -> Vec<Ffmpeg> {
    static FOUND: OnceLock<Vec<Ffmpeg>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let usual = Search {
            may_download: false,
            ..Search::new(None)
        };
        let newest = Search {
            path: None,
            ..usual.clone()
        };
        let both = [usual, newest].map(|search| locate(&search, &mut |_| {}));
        let mut found: Vec<Ffmpeg> = both.into_iter().filter_map(Result::ok).collect();
        found.dedup_by_key(|ffmpeg| ffmpeg.path.clone());
        assert!(!found.is_empty(), "there is no ffmpeg");
        found
    });
    found.clone()
}
