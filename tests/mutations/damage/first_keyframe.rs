//! Clips whose keyframe of one group is broken so that no decoder takes it for one.

use crate::clips::{self, Clip};
use crate::job::{self, Ending, Picture};
use decoder::Ffmpeg;
use support::clips::ffmpegs;

/// How the first bytes of an IDR slice by x264 go, after its length.
const IDR: [u8; 2] = [0x65, 0x88];

/// With the lengths of its units gone in the keyframe of this number.
fn broken(clip: &Clip, keyframe: usize) -> Vec<u8> {
    let mut bytes = clip.bytes.to_vec();
    let is_slice = |&at: &usize| bytes[at - 4..at - 2] == [0, 0] && bytes[at..at + 2] == IDR;
    let at = (4..bytes.len() - 2).filter(is_slice).nth(keyframe);
    let at = at.unwrap_or_else(|| panic!("{}: no keyframe {keyframe}", clip.name));
    bytes[at - 4..at + 40].fill(0);
    bytes
}

/// Of H.264 with lengths before its units.
const CLIPS: [&str; 4] = ["mp4_first", "mov", "mkv", "flv"];

fn each(keyframe: usize, check: impl Fn(&Ffmpeg, &str, &dyn Fn(&[u64]) -> Vec<Picture>)) {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    for clip in clips.iter().filter(|clip| CLIPS.contains(&clip.name)) {
        let path = folder
            .path()
            .join(format!("{}{}", clip.name, clip.extension));
        std::fs::write(&path, broken(clip, keyframe)).unwrap();
        for ffmpeg in &ffmpegs {
            let name = format!("{} with {}", clip.name, ffmpeg.version);
            check(
                ffmpeg,
                &name,
                &|times| match job::at(ffmpeg, &path, times) {
                    Ending::Pictures(pictures) => pictures,
                    Ending::Code(_) => Vec::new(),
                    Ending::Wrong(what) => panic!("{name}: {what}"),
                },
            );
        }
    }
}

fn numbers(pictures: &[Picture]) -> Vec<(u64, Option<u64>)> {
    let pictures = pictures.iter();
    let numbers = pictures.map(|one| (one.at_us / 1000, support::number(&one.pixels)));
    numbers.collect()
}

/// Frames of the first group are given by no decoder, or without what they refer to.
#[test]
fn damage_to_the_first_keyframe_moves_no_picture_to_another_time() {
    each(0, |_, name, at| {
        let whole = [(520, Some(13)), (1040, Some(26))];
        let together = at(&[0, 520, 1040]);
        let after: Vec<_> = together.iter().filter(|one| one.at_us > 480_000).collect();
        assert!(after.iter().all(|picture| !picture.is_damaged), "{name}");
        assert!(
            together
                .iter()
                .all(|one| one.at_us > 480_000 || one.is_damaged),
            "{name}"
        );
        let numbers: Vec<_> = numbers(&together);
        assert!(numbers.ends_with(&whole), "{name}: {numbers:?}");
        assert_eq!(self::numbers(&at(&[520])), whole[..1], "{name}, alone");
    });
}

#[test]
fn damage_to_a_later_keyframe_leaves_the_pictures_of_other_groups_as_they_are() {
    each(1, |_, name, at| {
        let together = at(&[280, 760, 1040]);
        let numbers = numbers(&together);
        assert_eq!(numbers.first(), Some(&(280, Some(7))), "{name}");
        assert_eq!(numbers.last(), Some(&(1040, Some(26))), "{name}");
        let marked = |picture: &Picture| (480_000..960_000).contains(&picture.at_us);
        assert!(
            together.iter().all(|one| one.is_damaged == marked(one)),
            "{name}"
        );
        for time in [280, 1040] {
            let alone = at(&[time]);
            let among = together
                .iter()
                .find(|one| one.at_us == time * 1000)
                .unwrap();
            assert!(
                alone[0].pixels == among.pixels && !alone[0].is_damaged,
                "{name}, {time}"
            );
        }
    });
}
