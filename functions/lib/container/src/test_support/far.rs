//! What pictures of a file that is far away cost: from its index to the last sample that they need.

use super::{Bytes, LIMITS, timeline};
use crate::{SparseIndex, contradicts_order, first_start, order_doubts};
use plan::cut::cut;
use source::{
    ByteRange, CachingSource, CountingSource, PrefetchLimits, Prefetcher, RangeSource, ReadError,
    ReadStats,
};
use std::sync::Arc;

/// As it is behind HTTP.
#[derive(Debug)]
struct HttpBytes(Bytes);

impl RangeSource for HttpBytes {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }

    fn gap_bytes(&self) -> u64 {
        16 << 10
    }
}

/// As a video reads a file far away, with what that has cost so far.
pub(crate) fn far(file: Vec<u8>) -> (Arc<dyn RangeSource>, Arc<ReadStats>) {
    let stats = Arc::<ReadStats>::default();
    let counted = CountingSource::new(Arc::new(HttpBytes(Bytes(file))), Arc::clone(&stats));
    (CachingSource::of_far(Arc::new(counted)), stats)
}

/// Takes what the pictures at some times take, ms after the first, but decodes nothing.
pub(crate) fn take_pictures(source: &Arc<dyn RangeSource>, points_ms: &[u64]) {
    let mut index = SparseIndex::read(&**source, LIMITS).unwrap();
    let opened = index.track();
    assert!(!contradicts_order(&**source, &opened, &order_doubts(&opened)).unwrap());
    first_start(&**source, &opened).unwrap().unwrap();
    index.focus(&**source, points_ms).unwrap();
    let track = index.track();
    let shown = timeline(&track);
    let sample_at = |&at: &u64| {
        let pts = shown.frames()[shown.shown_at(at)].pts;
        track.samples.iter().rposition(|sample| sample.pts == pts)
    };
    let mut wanted: Vec<usize> = points_ms.iter().filter_map(sample_at).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let groups = cut(&track.samples, &wanted).unwrap();
    let needed = groups
        .iter()
        .flat_map(|group| &track.samples[group.first..=group.last]);
    let pieces = needed.map(ByteRange::from).collect();
    let limits = PrefetchLimits::of(&**source, 64 << 20, 2);
    let fetched = Prefetcher::start(Arc::clone(source), pieces, limits).unwrap();
    assert!(fetched.map(Result::unwrap).all(|sample| !sample.is_empty()));
}
