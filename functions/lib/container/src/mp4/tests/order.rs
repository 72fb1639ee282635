//! The order of output that headers tell, against times that are right and that are not.

use super::clips::Clip;
use super::{Bytes, LIMITS};
use crate::bitstream::order::{OutputOrderReader, agrees};
use crate::mp4::index;
use crate::{contradicts_order, is_order_in_doubt};
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
        assert!(!contradicts_order(&source, &track).unwrap());
        assert!(!is_order_in_doubt(&track) || clip.name == "no_b_frames.mp4");
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
        assert!(is_order_in_doubt(&track), "{name}");
        assert!(contradicts_order(&source, &track).unwrap(), "{name}");
    }
}
