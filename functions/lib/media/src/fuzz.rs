//! For the fuzz targets in `fuzz/`: indexes of files in memory, with their promises checked.

use crate::container::{self, IndexLimits, Track};
use crate::source::{RangeSource, ReadError};

const LIMITS: IndexLimits = IndexLimits {
    streams: 256,
    bytes: 1 << 20,
    samples: 100_000,
};

#[derive(Debug)]
struct Bytes<'a>(&'a [u8]);

impl RangeSource for Bytes<'_> {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.0.get(start..start.saturating_add(into.len()));
        into.copy_from_slice(bytes.ok_or(ReadError::Changed)?);
        Ok(())
    }
}

/// Indexes a file of any container.
///
/// # Panics
/// Where the index breaks a promise.
pub fn index(file: &[u8]) {
    if let Ok(track) = container::index(&Bytes(file), LIMITS) {
        check(&track, file.len() as u64);
    }
}

fn check(track: &Track, file_bytes: u64) {
    let samples = &track.samples;
    assert!(samples.len() <= LIMITS.samples, "a bound on samples");
    assert!(samples.first().is_some_and(|sample| sample.sync));
    assert!(!track.entry.is_empty(), "a sample description");
    let mut times = Vec::new();
    for sample in samples {
        assert!(sample.size > 0, "no empty sample");
        assert!(sample.offset + u64::from(sample.size) <= file_bytes);
        assert!(!sample.shown || sample.pts <= track.end_pts);
        times.push(sample.pts);
    }
    times.sort_unstable();
    assert!(
        times.is_sorted_by(|one, other| one < other),
        "distinct times"
    );
}
