//! Only the index is read, by few reads.

use super::LIMITS;
use super::clips::Clip;
use crate::mp4::index;
use source::{FileSource, RangeSource, ReadError};
use std::sync::Mutex;

/// Remembers what was read: offsets and lengths.
#[derive(Debug)]
struct CountingSource {
    file: FileSource,
    reads: Mutex<Vec<(u64, usize)>>,
}

impl RangeSource for CountingSource {
    fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.reads.lock().unwrap().push((offset, into.len()));
        self.file.read_at(offset, into)
    }
}

/// How many reads the index takes, and the share of the file that they read.
fn cost(clip: &str) -> (usize, f64) {
    let clip = Clip::all().into_iter().find(|known| known.name == clip);
    let made = clip.unwrap().make();
    let source = CountingSource {
        file: FileSource::open(&made.path).unwrap(),
        reads: Mutex::default(),
    };
    index(&source, LIMITS).unwrap();
    let reads = source.reads.into_inner().unwrap();
    let bytes: usize = reads.iter().map(|(_, bytes)| bytes).sum();
    (reads.len(), bytes as f64 / source.file.bytes() as f64)
}

#[test]
fn media_data_is_stepped_over() {
    for (clip, most_reads) in [("prores.mov", 3), ("large.mp4", 2), ("large_pieces.mp4", 7)] {
        let (reads, share) = cost(clip);
        assert!(reads <= most_reads, "{clip}: {reads} reads");
        assert!(share < 0.1, "{clip}: {share} of the file");
    }
}
