//! Files in memory, with the promises of their indexes checked. Each target uses some of it.
#![allow(dead_code)]

use container::{IndexLimits, SparseIndex, VideoTrack};
use source::{RangeSource, ReadError};

const LIMITS: IndexLimits = IndexLimits {
    streams: 256,
    bytes: 1 << 20,
    samples: plan::SampleLimit::samples(100_000),
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
pub(crate) fn index(file: &[u8]) {
    if let Ok(track) = container::index(&Bytes(file), LIMITS) {
        check(&track, file.len() as u64);
    }
}

/// Reads an outline, and then what is around times all over the file.
///
/// # Panics
/// Where a sample is said to be where there is none.
pub(crate) fn outline(file: &[u8]) {
    let source = Bytes(file);
    if let Ok(mut outline) = SparseIndex::read(&source, LIMITS) {
        // What was known stays so where the rest can't be.
        let _ = outline.focus(&source, &[0, 1500, u64::MAX]);
        check_places(&outline.track(), file.len() as u64);
        let _ = outline.frame_rate();
    }
}

/// Indexes what a decoder would be fed of a file: it is the samples chosen, in their order.
///
/// # Panics
/// Where the stream is not that.
pub(crate) fn feed(file: &[u8]) {
    // Larger files would be copied for long without a further way to go.
    const MOST_BYTES: u64 = 4 << 20;
    let source = Bytes(file);
    let Ok(track) = container::index(&source, LIMITS) else {
        return;
    };
    let bytes = track.samples.iter().map(|sample| u64::from(sample.size));
    if bytes.sum::<u64>() > MOST_BYTES {
        return;
    }
    let (stream, sizes) = media::fed_stream(&source, &track);
    if let Ok(fed) = container::index(&Bytes(&stream), LIMITS) {
        let found: Vec<u32> = fed.samples.iter().map(|sample| sample.size).collect();
        assert_eq!(found, sizes, "all that was written");
    }
}

fn check_places(track: &VideoTrack, file_bytes: u64) {
    for sample in &track.samples {
        assert!(sample.size > 0, "no empty sample");
        assert!(sample.offset + u64::from(sample.size) <= file_bytes);
        assert!(!sample.shown || sample.pts <= track.end_pts);
    }
}

fn check(track: &VideoTrack, file_bytes: u64) {
    let samples = &track.samples;
    assert!(samples.len() <= LIMITS.samples.count, "a bound on samples");
    assert!(samples.first().is_some_and(|sample| sample.sync));
    assert!(!track.entry.is_empty(), "a sample description");
    for sample in samples {
        assert!(sample.size > 0, "no empty sample");
        assert!(sample.offset + u64::from(sample.size) <= file_bytes);
        assert!(!sample.shown || sample.pts <= track.end_pts);
    }
}
