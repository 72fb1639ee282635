//! Clips of which ffmpeg's demuxers lose a part without a word: the decoder makes something of what is
//! left, and complains of nothing.

use crate::clips::{self, Clip};
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use std::path::Path;
use support::clips::ffmpegs;

/// Without the tag of the picture that is decoded after the second keyframe: what the rest of its group
/// refers to.
fn flv_without_a_tag(clip: &Clip) -> Vec<u8> {
    let mut bytes = clip.bytes.to_vec();
    let (mut at, mut keyframes, mut is_next) = (13, 0, false);
    while let Some(tag) = bytes.get(at..at + 13) {
        let size = u32::from_be_bytes([0, tag[1], tag[2], tag[3]]) as usize;
        let is_picture = tag[0] == 9 && tag[12] == 1;
        if is_picture && is_next {
            bytes[at..at + size].fill(0);
            return bytes;
        }
        keyframes += usize::from(is_picture && tag[11] >> 4 == 1);
        is_next = keyframes == 2;
        at += 11 + size + 4;
    }
    panic!("{}: no such tag", clip.name);
}

/// Without what lies between the second picture of its second group, which is broken, and the third
/// group: the first pictures of that refer to the last one of the second.
fn ps_with_a_hole(clip: &Clip) -> Vec<u8> {
    const SEQUENCE: [u8; 4] = [0, 0, 1, 0xb3];
    const PICTURE: [u8; 4] = [0, 0, 1, 0];
    const HEADERS: usize = 42;
    let mut bytes = clip.bytes.to_vec();
    let places = |code: [u8; 4], from: usize| -> Vec<usize> {
        let found = bytes.windows(4).enumerate().skip(from);
        let found = found.filter(|(_, window)| *window == code);
        found.map(|(at, _)| at).collect()
    };
    let groups = places(SEQUENCE, 0);
    let pictures = places(PICTURE, groups[1]);
    bytes.drain(pictures[1] + HEADERS..groups[2] + SEQUENCE.len());
    bytes
}

fn pictures(ffmpeg: &Ffmpeg, path: &Path, times: &[u64]) -> Vec<Picture> {
    match job::at(ffmpeg, path, times) {
        Ending::Pictures(pictures) => pictures,
        Ending::Code(failure) => panic!("{}", failure.message),
        Ending::Wrong(what) => panic!("{what}"),
    }
}

fn each(name: &str, bytes: &dyn Fn(&Clip) -> Vec<u8>, check: &dyn Fn(&Ffmpeg, &Path)) {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    let clip = clips.iter().find(|clip| clip.name == name).unwrap();
    let path = folder.path().join(format!("lost{}", clip.extension));
    std::fs::write(&path, bytes(clip)).unwrap();
    for ffmpeg in &ffmpegs {
        check(ffmpeg, &path);
    }
}

fn marks(pictures: &[Picture]) -> Vec<(u64, bool)> {
    let marks = pictures.iter();
    let marks = marks.map(|one| (one.at_us / 1000, one.is_damaged));
    marks.collect()
}

/// Whether each of these pictures is marked, and the same alone as among others.
fn check_marks(ffmpeg: &Ffmpeg, path: &Path, wanted: &[(u64, bool)]) {
    let times: Vec<u64> = wanted.iter().map(|&(at, _)| at).collect();
    let together = pictures(ffmpeg, path, &times);
    assert_eq!(marks(&together), wanted, "{}", ffmpeg.version);
    for (nth, at) in times.into_iter().enumerate() {
        let alone = pictures(ffmpeg, path, &[at]);
        assert_eq!(marks(&alone), wanted[nth..=nth], "{}", ffmpeg.version);
        assert!(alone[0].pixels == together[nth].pixels, "{at}");
    }
}

#[test]
fn pictures_of_an_flv_whose_reference_is_lost_are_marked_and_no_others() {
    let marked = [520, 760];
    let wanted = [280, 480, 520, 760, 1040].map(|at| (at, marked.contains(&at)));
    each("flv", &flv_without_a_tag, &|ffmpeg, path| {
        check_marks(ffmpeg, path, &wanted);
    });
}

#[test]
fn pictures_after_a_hole_in_a_program_stream_are_marked_and_no_others() {
    let wanted = [280, 920, 1040].map(|at| (at, at == 920));
    each("ps", &ps_with_a_hole, &|ffmpeg, path| {
        check_marks(ffmpeg, path, &wanted);
    });
}
