//! A few stretches, found by the clock, tell the same as all packets.

use super::listed::{LARGE, make};
use crate::SparseIndex;
use crate::test_support::{Bytes, FarBytes, LIMITS, timeline};
use plan::Timeline;
use source::{CountingSource, ReadStats};
use std::sync::Arc;

#[test]
fn stretches_around_times_tell_what_all_packets_tell() {
    for (name, options) in [
        ("long.vob", "-g 12 -bf 2 -c:a mp2"),
        ("long.mpg", "-g 15 -an"),
    ] {
        let (_folder, path) = make(name, 24, &format!("{LARGE} {options}"));
        let bytes = std::fs::read(path).unwrap();
        let whole = crate::index(&Bytes(bytes.clone()), LIMITS).unwrap();
        let all = timeline(&whole);
        let (length, stats) = (bytes.len() as u64, Arc::<ReadStats>::default());
        let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes))), Arc::clone(&stats));
        let opened = SparseIndex::read(&far, LIMITS).unwrap_or_else(|e| panic!("{name}: {e}"));
        eprintln!(
            "{name}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
        for points in [
            vec![0],
            vec![23_990, 11, u64::MAX],
            vec![4_321, 9_876, 17_020, 17_100],
        ] {
            let mut index = opened.clone();
            index.focus(&far, &points).unwrap();
            let track = index.track();
            let some = timeline(&track);
            assert_eq!(some.duration_ms(), all.duration_ms(), "{name}");
            assert_eq!(track.entry, whole.entry, "{name}");
            for &at in &points {
                let of = |timeline: &Timeline| {
                    let sync = timeline.sync_nearest(at).unwrap();
                    [timeline.shown_at(at), sync].map(|frame| timeline.presentation_us(frame))
                };
                assert_eq!(of(&some), of(&all), "{name} at {at} ms");
            }
        }
        eprintln!(
            "{name}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
    }
}
