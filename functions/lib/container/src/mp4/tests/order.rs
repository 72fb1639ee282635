//! The order of output that headers tell, against times that are right and that are not.

use super::clips::Clip;
use super::{Bytes, LIMITS};
use crate::mp4::index;
use crate::{contradicts_order, order_doubts};
use bitstream::order::{OutputOrderReader, agrees};
use std::fs;

fn clips() -> impl Iterator<Item = Clip> {
    let names = [
        "plain.mp4",
        "no_b_frames.mp4",
        "hevc.mp4",
        "mpeg4.mp4",
        "open.mp4",
        "vfr.mp4",
    ];
    Clip::all()
        .into_iter()
        .filter(move |clip| names.contains(&clip.name))
}

#[test]
fn right_times_agree_with_the_headers_of_all_samples() {
    for clip in clips() {
        let file = fs::read(clip.make().path).unwrap();
        let source = Bytes(file);
        let track = index(&source, LIMITS).unwrap();
        let mut reader = OutputOrderReader::new(track.codec, &track.entry).unwrap();
        let orders = track.samples.iter().map(|sample| {
            let from = usize::try_from(sample.offset).unwrap();
            let bytes = &source.0[from..from + sample.size as usize];
            (sample.pts, reader.next(bytes).expect("each has an order"))
        });
        let orders: Vec<_> = orders.collect();
        assert!(agrees(&orders), "{}", clip.name);
        assert!(!contradicts_order(&source, &track, &[0]).unwrap());
        assert!(order_doubts(&track).is_empty() || clip.name == "no_b_frames.mp4");
    }
}

#[test]
fn times_of_decoding_are_no_times_of_presentation() {
    for name in ["plain.mp4", "hevc.mp4", "mpeg4.mp4", "open.mp4"] {
        let clip = clips().find(|clip| clip.name == name).unwrap();
        let source = Bytes(fs::read(clip.make().path).unwrap());
        let mut track = index(&source, LIMITS).unwrap();
        // As a container without `ctts` has them.
        for (nth, sample) in (0..).zip(&mut track.samples) {
            sample.pts = nth;
        }
        assert_eq!(order_doubts(&track), [0], "{name}");
        assert!(contradicts_order(&source, &track, &[0]).unwrap(), "{name}");
    }
}

/// As where two entries of `ctts` got each other's place.
fn exchange(samples: &mut [plan::CodedSample], at: usize, step: i64) {
    let (one, other) = (samples[at].pts, samples[at + 1].pts);
    samples[at].pts = other - step;
    samples[at + 1].pts = one + step;
}

#[test]
fn times_that_two_pictures_exchanged_are_found_whatever_is_asked_for() {
    let clip = clips().find(|clip| clip.name == "plain.mp4").unwrap();
    let source = Bytes(fs::read(clip.make().path).unwrap());
    let whole = index(&source, LIMITS).unwrap();
    let mut shown: Vec<i64> = whole.samples.iter().map(|sample| sample.pts).collect();
    shown.sort_unstable();
    let step = shown[1] - shown[0];
    let mut found = 0;
    for at in whole.samples.len() / 2..whole.samples.len() - 1 {
        let mut track = whole.clone();
        exchange(&mut track.samples, at, step);
        if track.samples == whole.samples {
            continue;
        }
        let doubts = order_doubts(&track);
        assert!(!doubts.is_empty(), "{at}");
        found += usize::from(contradicts_order(&source, &track, &doubts).unwrap());
    }
    assert!(found > 3, "{found}");
}

#[test]
fn a_keyframe_that_many_pictures_overtake_is_in_doubt() {
    let clip = clips().find(|clip| clip.name == "plain.mp4").unwrap();
    let source = Bytes(fs::read(clip.make().path).unwrap());
    let mut track = index(&source, LIMITS).unwrap();
    let end = track.end_pts;
    let keys = track.samples.iter().rposition(|sample| sample.sync);
    let last = keys.unwrap();
    let key = track.samples[..last].iter().rposition(|sample| sample.sync);
    let key = key.unwrap();
    assert!(track.samples.len() - key > 17);
    track.samples[key].pts = end + 1;
    let doubts = order_doubts(&track);
    assert_eq!(doubts, [key]);
    assert!(contradicts_order(&source, &track, &doubts).unwrap());
}
