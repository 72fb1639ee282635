//! The parts around the wanted times tell what all of the file tells, and little is read for them.

use super::listed::{D10, make, whole_and_bytes};
use crate::mxf::index::sparse_index_of_any_length;
use crate::test_support::{Bytes, FarBytes, LIMITS, assert_parts_tell, timeline};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

#[test]
fn the_parts_around_times_tell_what_all_of_it_tells() {
    for (name, options) in [
        ("between", "-bf 2 -c:a pcm_s16le"),
        ("h264", "-c:v libx264 -preset ultrafast -bf 0 -an"),
        ("d10", D10),
        ("atom", "-c:v dvvideo -s 720x576 -an -f mxf_opatom"),
        ("jpeg2000", "-c:v jpeg2000 -format j2k -an"),
    ] {
        let (_folder, path) = make(name, options).unwrap();
        let (whole, bytes) = whole_and_bytes(&path);
        let all = timeline(&whole);
        let opened = sparse_index_of_any_length(&bytes, LIMITS);
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_parts_tell(&all, &|points| {
            let mut index = opened.clone();
            index.focus(&bytes, points).unwrap();
            let track = index.track();
            assert_eq!(track.entry, whole.entry, "{name}");
            for sample in &track.samples {
                let same = whole
                    .samples
                    .iter()
                    .find(|same| same.pts == sample.pts)
                    .unwrap();
                let stored = |offset: u64, size: u32| {
                    let at = usize::try_from(offset).unwrap();
                    bytes.0[at..at + size as usize].to_vec()
                };
                let unpacked = track.unpacked(stored(sample.offset, sample.size));
                assert!(!track.is_misplaced(&unpacked), "{name}");
                assert!(
                    unpacked == whole.unpacked(stored(same.offset, same.size)),
                    "{name} at {}",
                    sample.pts
                );
            }
            timeline(&track)
        });
    }
}

/// One request for the header, one for the end, one for each partition, and one for each group of
/// pictures that is near a time.
#[test]
fn little_is_read_of_a_file_that_is_far_away() {
    let options = "-bf 2 -t 24 -s 320x180 -qscale 3 -an";
    let (_folder, path) = make("long", options).unwrap();
    let (whole, bytes) = whole_and_bytes(&path);
    let (length, stats) = (bytes.0.len() as u64, Arc::<ReadStats>::default());
    let far = CountingSource::new(Arc::new(FarBytes(Bytes(bytes.0))), Arc::clone(&stats));
    let mut index = sparse_index_of_any_length(&far, LIMITS).unwrap();
    index.focus(&far, &[4_321, 9_876, 17_020, 17_100]).unwrap();
    let (some, all) = (timeline(&index.track()), timeline(&whole));
    assert_eq!(some.duration_ms(), all.duration_ms());
    for at in [4_321, 9_876, 17_020, 17_100] {
        let [shown, same] =
            [&some, &all].map(|timeline| timeline.presentation_us(timeline.shown_at(at)));
        assert_eq!(shown, same, "at {at} ms");
    }
    eprintln!("{} of {length} in {}", stats.bytes(), stats.requests());
    assert!(stats.requests() <= 30, "{}", stats.requests());
    assert!(stats.bytes() * 8 < length, "{} of {length}", stats.bytes());
}
