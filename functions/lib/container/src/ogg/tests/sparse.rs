//! A few stretches, found by granule positions, tell the same as all pages.

use super::listed::make;
use crate::ogg::stretch::clocked_index;
use crate::test_support::{Bytes, FarBytes, LIMITS, assert_same_at, timeline};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

#[test]
fn stretches_around_times_tell_what_all_pages_tell() {
    for (name, seconds, options) in [
        ("long.ogv", 24, "-q:v 5 -g 12 -c:a libvorbis"),
        (
            "small_pages.ogv",
            24,
            "-q:v 5 -g 25 -page_duration 40000 -c:a libopus",
        ),
        (
            "large.ogv",
            6,
            "-q:v 10 -g 8 -s 640x360 -page_duration 40000 -an",
        ),
    ] {
        let (_folder, path) = make(name, seconds, options);
        let bytes = std::fs::read(path).unwrap();
        let whole = crate::index(&Bytes(bytes.clone()), LIMITS).unwrap();
        let all = timeline(&whole);
        let (length, stats) = (bytes.len() as u64, Arc::<ReadStats>::default());
        let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes))), Arc::clone(&stats));
        let opened = clocked_index(&far, LIMITS);
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        let end = u64::from(seconds) * 1000;
        for points in [
            vec![0],
            vec![end - 10, 11, u64::MAX],
            vec![end / 6 + 321, end / 2, end / 3 * 2 + 17, end / 3 * 2 + 100],
        ] {
            let mut index = opened.clone();
            let focused = index.focus(&far, &points);
            focused.unwrap_or_else(|error| panic!("{name}: {error}"));
            let track = index.track();
            let some = timeline(&track);
            assert_eq!(track.entry, whole.entry, "{name}");
            assert_same_at(name, &some, &all, &points);
        }
        eprintln!(
            "{name}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
    }
}
