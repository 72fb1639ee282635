//! A few stretches, found by the clock, tell the same as all packets.

use super::listed::{LARGE, make};
use crate::ps::stretch::clocked_index;
use crate::test_support::{Bytes, FarBytes, LIMITS, assert_same_at, timeline};
use crate::{SparseIndex, VideoTrack};
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
        let (length, stats) = (bytes.len() as u64, Arc::<ReadStats>::default());
        let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes))), Arc::clone(&stats));
        let opened = SparseIndex::read(&far, LIMITS).unwrap_or_else(|e| panic!("{name}: {e}"));
        eprintln!(
            "{name}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
        assert_same(name, &whole, |points| {
            let mut index = opened.clone();
            index.focus(&far, points).unwrap();
            index.track()
        });
        eprintln!(
            "{name}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
    }
}

/// Where several begin in a packet, a stretch may begin with some that have no time.
#[test]
fn stretches_of_small_pictures_tell_what_all_packets_tell() {
    for (name, options) in [
        (
            "first.mpg",
            "-c:v mpeg1video -b:v 900k -g 15 -bf 2 -c:a mp2",
        ),
        (
            "open_first.mpg",
            "-c:v mpeg1video -b:v 250k -g 15 -bf 2 -flags -cgop -an",
        ),
    ] {
        let (_folder, path) = make(name, 24, options);
        let bytes = Bytes(std::fs::read(path).unwrap());
        let whole = crate::index(&bytes, LIMITS).unwrap();
        let opened = clocked_index(&bytes, LIMITS);
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_same(name, &whole, |points| {
            let mut index = opened.clone();
            index.focus(&bytes, points).unwrap();
            index.track()
        });
    }
}

/// That the stretches around some points of a clip of 24 seconds tell the same as all of it.
fn assert_same(name: &str, whole: &VideoTrack, focused: impl Fn(&[u64]) -> VideoTrack) {
    let all = timeline(whole);
    for points in [
        vec![0],
        vec![23_990, 11, u64::MAX],
        vec![4_321, 9_876, 17_020, 17_100],
    ] {
        let track = focused(&points);
        assert_eq!(track.entry, whole.entry, "{name}");
        assert_same_at(name, &timeline(&track), &all, &points);
    }
}
