//! A few stretches, found by the clock, tell the same as all packets.

use super::listed::make;
use crate::test_support::{Bytes, LIMITS, assert_same_at};
use crate::{SparseIndex, VideoTrack};
use plan::{CodedSample, Timeline, TimelineFrame};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

/// Large enough not to be read as a whole, and of a bit rate that changes.
const LONG: &str = "-c:v mpeg2video -g 12 -bf 2 -qscale:v 1 -filter_complex \
                    testsrc2=s=640x360:r=25:d=30[v] -map [v] -map 1:a -c:a mp2";

fn timeline(track: &VideoTrack) -> Timeline {
    let shown = track.samples.iter().filter(|sample| sample.shown);
    let frames = shown.map(|&CodedSample { pts, sync, .. }| TimelineFrame { pts, sync });
    Timeline::new(track.time_base, frames.collect(), track.end_pts).unwrap()
}

fn file(name: &str, options: &str) -> Vec<u8> {
    let (_folder, path) = make(name, options);
    std::fs::read(path).unwrap()
}

#[test]
fn stretches_around_times_tell_what_all_packets_tell() {
    let bytes = file("long.ts", LONG);
    let stats = Arc::new(ReadStats::default());
    let length = bytes.len() as u64;
    let far = CountingSource::new(Arc::new(Bytes(bytes)), stats.clone());
    let whole = crate::index(&far, LIMITS).unwrap();
    let all = timeline(&whole);
    let read = stats.bytes();
    let opened = SparseIndex::read(&far, LIMITS).unwrap();
    eprintln!("{length} bytes, {} to open", stats.bytes() - read);
    for points in [
        vec![0],
        vec![15_000],
        vec![29_990, 11],
        vec![4_321, 9_876, 20_020, 20_100],
    ] {
        let (mut index, before) = (opened.clone(), stats.bytes());
        index.focus(&far, &points).unwrap();
        eprintln!("{points:?}: {} bytes", stats.bytes() - before);
        let track = index.track();
        let some = timeline(&track);
        assert_eq!(track.entry, whole.entry);
        assert_same_at("long", &some, &all, &points);
    }
}
