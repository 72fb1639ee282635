//! The frames that come out of ffmpeg are the truth: times, sync samples, ends.

use crate::test_support::{all_media, differences_of_frames, ffmpegs, index, made_clip, noisy};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Each with what comes out, and its options. Keyframes of the large one take several pages.
const CLIPS: [(&str, &str); 5] = [
    ("plain.ogv", "-b:v 300k -g 12 -an"),
    ("sound.ogv", "-q:v 6 -g 25 -c:a libvorbis"),
    (
        "opus.ogg",
        "-b:v 300k -g 64 -c:a libopus -page_duration 200000",
    ),
    (
        "large.ogv",
        "-q:v 10 -g 8 -s 640x360 -page_duration 40000 -c:a libvorbis",
    ),
    (
        "odd.ogv",
        "-q:v 3 -g 30 -s 322x246 -r 30000/1001 -pix_fmt yuv422p -an",
    ),
];

pub(super) fn make(name: &str, seconds: u32, options: &str) -> (TempDir, PathBuf) {
    let video = noisy(seconds);
    let sound = format!("sine=duration={seconds}.3");
    made_clip(
        &ffmpegs()[0],
        name,
        [&video, &sound],
        &format!("-c:v libtheora {options}"),
    )
}

#[test]
fn made_clips_are_listed_as_ffmpeg_shows_them() {
    let mut differences = Vec::new();
    for (name, options) in CLIPS {
        let (_folder, path) = make(name, 4, options);
        let track = index(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        differences.extend(differences_of_frames(name, &path, &track));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in all_media(&["ogg", "ogv", "ogx"]) {
        match index(&path) {
            Ok(track) => differences.extend(differences_of_frames("other", &path, &track)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Of a frame that goes on in further pages nothing is lost, and its beginning is the beginning of its
/// bytes wherever it breaks off.
#[test]
fn samples_are_the_packets_of_the_video() {
    let (_folder, path) = make("large.ogv", 4, CLIPS[3].1);
    let (file, track) = (std::fs::read(&path).unwrap(), index(&path).unwrap());
    let ffmpeg = &ffmpegs()[0].path;
    let mut command = Command::new(ffmpeg);
    command
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(&path);
    command.args(["-map", "0:v", "-c", "copy", "-f", "data", "-"]);
    let bare = command.output().unwrap().stdout;
    let stored = |nth: usize, length: usize| {
        let at = usize::try_from(track.samples[nth].offset).unwrap();
        track.unpacked(file[at..at + length].to_vec())
    };
    let whole = |nth: usize| stored(nth, track.samples[nth].size as usize);
    let samples: Vec<Vec<u8>> = (0..track.samples.len()).map(whole).collect();
    assert!(samples.concat() == bare);
    let large = samples.iter().position(|sample| sample.len() > 70_000);
    let large = large.expect("one takes more than a page");
    for length in (0..track.samples[large].size as usize).step_by(991) {
        let head = stored(large, length);
        assert!(
            samples[large].starts_with(&head) && head.len() + 700 > length,
            "{length}"
        );
    }
}
