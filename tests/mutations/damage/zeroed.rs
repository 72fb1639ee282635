//! Clips in which a part of a keyframe's data reads as zeros, as where storage was lost. Decoders take
//! it for whole.

use crate::clips::{self, Clip};
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use support::clips::ffmpegs;

/// A clip and how the bytes of its keyframes begin, after their lengths or start codes.
const CLIPS: [(&str, &[u8]); 6] = [
    ("mp4_first", &[0x65, 0x88]),
    ("fragmented", &[0x65, 0x88]),
    ("mov", &[0x65, 0x88]),
    ("mkv", &[0x65, 0x88]),
    // An open group.
    ("hevc", &[0x2a, 0x01]),
    // The header of a group comes before each.
    ("3gp", &[0, 0, 1, 0xb6]),
];

/// So far into the keyframe: past its headers. Such a frame is of some hundred bytes.
const INTO: usize = 60;
const ZEROS: usize = 24;

/// With zeros in the keyframe that is shown at 480 ms.
fn zeroed(clip: &Clip, begins: &[u8]) -> Vec<u8> {
    let mut bytes = clip.bytes.to_vec();
    let at = keyframe(&bytes, begins).unwrap_or_else(|| panic!("{}: no keyframe", clip.name));
    let data = &mut bytes[at + INTO..at + INTO + ZEROS];
    assert!(data.iter().filter(|&&byte| byte == 0).count() < ZEROS / 4);
    data.fill(0);
    bytes
}

/// Of the second group.
fn keyframe(bytes: &[u8], begins: &[u8]) -> Option<usize> {
    let is_intra = |at: &usize| match begins {
        [0, 0, 1, _] => bytes[at + begins.len()] >> 6 == 0,
        _ => bytes[at - 4..at - 2] == [0, 0],
    };
    let starts = (4..bytes.len() - INTO - ZEROS).filter(|&at| bytes[at..].starts_with(begins));
    // That of HEVC begins with a unit of another type.
    starts.filter(is_intra).nth(usize::from(begins[0] != 0x2a))
}

fn pictures(ffmpeg: &Ffmpeg, path: &std::path::Path, times: &[u64]) -> Vec<Picture> {
    match job::at(ffmpeg, path, times) {
        Ending::Pictures(pictures) => pictures,
        Ending::Code(failure) => panic!("{}", failure.message),
        Ending::Wrong(what) => panic!("{what}"),
    }
}

#[test]
fn pictures_made_of_data_that_reads_as_zeros_are_marked_and_no_others() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    for (name, begins) in CLIPS {
        let clip = clips.iter().find(|clip| clip.name == name).unwrap();
        let path = folder.path().join(format!("{name}{}", clip.extension));
        std::fs::write(&path, zeroed(clip, begins)).unwrap();
        for ffmpeg in &ffmpegs {
            let named = format!("{name} with {}", ffmpeg.version);
            let times = [280, 520, 760, 1040];
            let marks = |pictures: &[Picture]| {
                let marks = pictures
                    .iter()
                    .map(|one| (one.at_us / 1000, one.is_damaged));
                marks.collect::<Vec<_>>()
            };
            let together = marks(&pictures(ffmpeg, &path, &times));
            let within = |at: u64| (480..960).contains(&at);
            let wanted: Vec<_> = times.iter().map(|&at| (at, within(at))).collect();
            assert_eq!(together, wanted, "{named}");
            for (nth, at) in times.into_iter().enumerate() {
                let alone = marks(&pictures(ffmpeg, &path, &[at]));
                assert_eq!(alone, together[nth..=nth], "{named}, alone");
            }
        }
    }
}
