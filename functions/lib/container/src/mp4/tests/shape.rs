//! What a track says of its pictures beside their size.

use super::clips::Clip;
use super::index_file;
use super::rewrite::{boxed, rewrite, words};
use crate::{Codec, VideoTrack};
use plan::{Crop, Size};
use std::fs;

/// A clip of 160x90 whose sample entry and track header are changed.
fn changed(
    clip: &str,
    entry: &dyn Fn(&[u8]) -> Vec<u8>,
    header: &dyn Fn(&[u8]) -> Vec<u8>,
) -> VideoTrack {
    let clips = Clip::all();
    let made = clips.iter().find(|known| known.name == clip).unwrap();
    let made = made.make();
    let file = fs::read(&made.path).unwrap();
    let rewritten = rewrite(&file, &|path, number, body| match (path, number) {
        ("moov trak mdia minf stbl stsd", 0) => {
            // The entry without its size.
            let (head, whole) = body.split_at(8);
            let whole = entry(&whole[4..]);
            let bytes = u32::try_from(whole.len() + 4).unwrap();
            Some(boxed(b"stsd", &[head, &words(&[bytes]), &whole].concat()))
        }
        ("moov trak tkhd", 0) => Some(boxed(b"tkhd", &header(body))),
        _ => None,
    });
    fs::write(&made.path, rewritten).unwrap();
    index_file(&made.path).unwrap()
}

fn as_it_is(body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

/// Adds boxes and takes the shape of a pixel away.
fn with(added: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> {
    move |entry| {
        let mut entry = entry.to_vec();
        if let Some(at) = entry.windows(4).position(|kind| kind == b"pasp") {
            entry[at..at + 4].copy_from_slice(b"free");
        }
        [&entry, added].concat()
    }
}

/// A header that states this size.
fn stating(width: u32, height: u32) -> impl Fn(&[u8]) -> Vec<u8> {
    move |header| {
        let (head, _) = header.split_at(header.len() - 8);
        [head, &words(&[width << 16, height << 16])].concat()
    }
}

const DECODED: Size = Size {
    width: 160,
    height: 90,
};

/// Its pictures were shown half as wide as players show them.
#[test]
fn a_wide_track_header_tells_the_aspect_where_nothing_else_does() {
    let track = changed("plain.mp4", &with(&[]), &stating(320, 90));
    assert_eq!(track.sample_aspect_ratio, None);
    assert_eq!(track.track_header_size, Some((320, 90)));
    assert_eq!(track.layout().aspect_ratio_of_header(DECODED), Some((2, 1)));
    let track = changed("plain.mp4", &with(&[]), &as_it_is);
    assert_eq!(track.layout().aspect_ratio_of_header(DECODED), None);
}

/// ffmpeg 5.1 showed what 9 cropped: the box is ours to apply, and the decoder's no more.
#[test]
fn a_clean_aperture_is_told_and_not_fed() {
    let numbers = words(&[120, 1, 90, 1, u32::MAX - 9, 1, 0, 1]);
    let track = changed("plain.mp4", &with(&boxed(b"clap", &numbers)), &as_it_is);
    let expected = Crop {
        left: 10,
        top: 0,
        right: 30,
        bottom: 0,
    };
    assert_eq!(track.crop, Some(expected));
    assert!(!track.entry.windows(4).any(|kind| kind == b"clap"));
    assert_eq!(track.layout().aspect_ratio_of_header(DECODED), None);
}

#[test]
fn the_track_header_states_the_size_of_the_clean_aperture() {
    let numbers = words(&[120, 1, 90, 1, 0, 1, 0, 1]);
    let clap = boxed(b"clap", &numbers);
    for (width, expected) in [(120, None), (160, None), (240, Some((2, 1)))] {
        let track = changed("plain.mp4", &with(&clap), &stating(width, 90));
        assert_eq!(
            track.layout().aspect_ratio_of_header(DECODED),
            expected,
            "{width}"
        );
    }
}

#[test]
fn dolby_vision_is_told_by_its_record_and_fed_as_what_it_is_coded_in() {
    let record = boxed(b"dvcC", &[1, 0, (5 << 1) | 1, 0x0d, 0x40]);
    for (clip, kinds) in [
        ("plain.mp4", [(b"dva1", b"avc1"), (b"dvav", b"avc3")]),
        ("hevc.mp4", [(b"dvh1", b"hvc1"), (b"dvhe", b"hev1")]),
        ("av1.mp4", [(b"dav1", b"av01"), (b"av01", b"av01")]),
    ] {
        for (brand, fed) in kinds {
            let renamed = |entry: &[u8]| [&brand[..], &with(&record)(entry)[4..]].concat();
            let track = changed(clip, &renamed, &as_it_is);
            assert_eq!(track.dolby_vision_profile, Some(5));
            assert_eq!(&track.entry[4..8], fed);
            let is_h264 = matches!(track.codec, Codec::H264 { .. });
            assert_eq!(is_h264, clip == "plain.mp4");
        }
    }
}
