//! The index beside what ffmpeg's own demuxer lists, and on damaged files.

mod against_ffmpeg;
mod by_hand;
mod clips;
mod damaged;
mod reads;
mod rewrite;

use crate::{IndexError, IndexLimits, VideoTrack};
use source::{FileSource, RangeSource, ReadError};
use std::path::{Path, PathBuf};

const LIMITS: IndexLimits = IndexLimits {
    streams: 100,
    bytes: 64 << 20,
    samples: plan::SampleLimit::samples(2_000_000),
};

fn index_file(path: &Path) -> Result<VideoTrack, IndexError> {
    super::index(&FileSource::open(path).unwrap(), LIMITS)
}

/// A file in memory.
#[derive(Debug)]
struct Bytes(Vec<u8>);

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

/// Files of a folder of test media whose names end like an MP4's.
fn media(folder: &str) -> Vec<PathBuf> {
    let corpus = std::env::var_os("VOD_SNAPSHOT_CORPUS").expect("the corpus is not named");
    let listed = Path::new(&corpus).join(folder).read_dir().unwrap();
    let paths = listed.map(|entry| entry.unwrap().path());
    let is_mp4 = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| ["mp4", "mov", "m4v", "3gp"].iter().any(|e| *e == extension))
    };
    let mut paths: Vec<PathBuf> = paths.filter(is_mp4).collect();
    paths.sort();
    paths
}
