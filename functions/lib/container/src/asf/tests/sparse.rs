//! A few stretches, found by the clock, tell the same as all packets.

use super::listed::make;
use crate::SparseIndex;
use crate::asf::stretch::clocked_index;
use crate::test_support::{Bytes, FarBytes, LIMITS, assert_same_at, index, timeline};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

const NOISY: &str =
    "-vf loop=14:60:0,noise=alls=40:allf=t,scale=320:180 -t 40 -c:v wmv2 -q:v 2 -g 15";

#[test]
fn stretches_around_times_tell_what_all_packets_tell() {
    for sound in ["-an", "-af apad -c:a wmav2"] {
        let (_folder, path) = make(&format!("{NOISY} {sound}"));
        let bytes = std::fs::read(&path).unwrap();
        let whole = index(&path).unwrap();
        let all = timeline(&whole);
        let (length, stats) = (bytes.len() as u64, Arc::<ReadStats>::default());
        let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes))), Arc::clone(&stats));
        let opened = clocked_index(&far, LIMITS).unwrap();
        assert_eq!(opened.track().sounds, whole.sounds);
        for points in [
            vec![0],
            vec![39_990, 11, u64::MAX],
            vec![4_321, 9_876, 17_020, 17_100, 31_999],
        ] {
            let mut index = opened.clone();
            index.focus(&far, &points).unwrap();
            let track = index.track();
            let some = timeline(&track);
            assert!(
                track.samples.len() < whole.samples.len(),
                "{sound}: all is read"
            );
            assert_eq!(track.entry, whole.entry, "{sound}");
            assert_same_at(sound, &some, &all, &points);
            let known = |sample| whole.samples.contains(sample);
            assert!(track.samples.iter().all(known));
        }
        eprintln!(
            "{sound}: {} of {length} in {}",
            stats.bytes(),
            stats.requests()
        );
    }
}

/// All of it was copied for one picture.
#[test]
fn of_a_far_file_little_is_read() {
    let (_folder, path) = make(&format!("{NOISY} -an"));
    let bytes = std::fs::read(path).unwrap();
    let (length, stats) = (bytes.len() as u64, Arc::<ReadStats>::default());
    let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes))), Arc::clone(&stats));
    let mut index = SparseIndex::read(&far, LIMITS).unwrap();
    index.focus(&far, &[20_000]).unwrap();
    let (read, requests) = (stats.bytes(), stats.requests());
    assert!(read * 2 < length, "{read} of {length}");
    assert!(requests < 40, "{requests}");
}
