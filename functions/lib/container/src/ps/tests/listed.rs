//! The frames that come out of ffmpeg are the truth: times, sync samples, ends.

use crate::IndexError;
use crate::test_support::{all_media, differences_of_frames, ffmpegs, index, made_clip, noisy};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// No picture of it is so small that another one begins in the same packet.
pub(super) const LARGE: &str = "-c:v mpeg2video -qmin 1 -q:v 1";

/// Clips of four seconds, each with its options: packets of MPEG-1 and of MPEG-2.
const CLIPS: [(&str, &str); 5] = [
    ("plain.mpg", "-g 12 -an"),
    ("between.mpg", "-g 12 -bf 2 -c:a mp2"),
    ("disc.vob", "-g 15 -bf 2 -c:a ac3"),
    ("open.vob", "-g 15 -bf 2 -flags -cgop -c:a mp2"),
    ("frames_of_fields.vob", "-g 15 -bf 2 -flags +ildct+ilme -an"),
];

/// Of other codecs, and of MPEG-1 and MPEG-2 with pictures so small that several begin in a packet, which
/// has a time for the first of them.
const SMALL_CLIPS: [(&str, &str); 6] = [
    (
        "first.mpg",
        "-c:v mpeg1video -b:v 900k -g 15 -bf 2 -c:a mp2",
    ),
    (
        "open_first.mpg",
        "-c:v mpeg1video -b:v 200k -g 15 -bf 2 -flags -cgop -an",
    ),
    ("disc.mpg", "-target pal-vcd"),
    ("super_disc.mpg", "-target ntsc-svcd"),
    ("tiny.mpg", "-c:v mpeg2video -b:v 60k -g 12 -s 64x48 -an"),
    (
        "h264.vob",
        "-c:v libx264 -preset veryfast -qp 4 -bf 0 -g 25 -c:a ac3",
    ),
];

pub(super) fn make(name: &str, seconds: u32, options: &str) -> (TempDir, PathBuf) {
    let video = noisy(seconds);
    let sound = format!("sine=duration={seconds}.3");
    made_clip(&ffmpegs()[0], name, [&video, &sound], options)
}

#[test]
fn made_clips_are_listed_as_ffmpeg_shows_them() {
    let mut differences = Vec::new();
    for (name, options) in CLIPS {
        let (_folder, path) = make(name, 4, &format!("{LARGE} {options}"));
        let track = index(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(track.samples.len(), 100, "{name}");
        differences.extend(differences_of_frames(name, &path, &track));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn clips_of_small_pictures_and_of_other_codecs_are_listed_as_ffmpeg_shows_them() {
    let mut differences = Vec::new();
    for (name, options) in SMALL_CLIPS {
        let (_folder, path) = make(name, 4, options);
        match index(&path) {
            Ok(track) => differences.extend(differences_of_frames(name, &path, &track)),
            Err(error) => differences.push(format!("{name}: {error}")),
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Its guess is a frame off for some, and players follow it.
#[test]
fn pictures_of_h264_that_share_a_packet_are_left_to_ffmpeg() {
    let (_folder, path) = make("small.vob", 2, "-c:v libx264 -preset veryfast -crf 45 -an");
    assert!(matches!(index(&path), Err(IndexError::Unsupported(_))));
}

/// Cameras write one before each keyframe.
#[test]
fn a_map_of_the_streams_names_the_codec() {
    const PACK_BYTES: usize = 14;
    let (folder, path) = make(
        "clip.vob",
        2,
        "-c:v libx264 -preset ultrafast -qp 4 -g 25 -an",
    );
    let whole = std::fs::read(path).unwrap();
    let with_map = |kind: u8| {
        let map = [
            0, 0, 1, 0xbc, 0, 14, 0xe0, 0xff, 0, 0, 0, 4, kind, 0xe2, 0, 0, 0, 0, 0, 0,
        ];
        let path = folder.path().join("mapped.vob");
        std::fs::write(&path, [&whole[..PACK_BYTES], &map, &whole].concat()).unwrap();
        path
    };
    let path = with_map(0x1b);
    let differences = differences_of_frames("map", &path, &index(&path).unwrap());
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(index(&with_map(0x02)).is_err(), "another codec");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in all_media(&["mpg", "mpeg", "vob", "ps"]) {
        match index(&path) {
            Ok(track) => differences.extend(differences_of_frames("other", &path, &track)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Packets hold parts of pictures: nothing is lost between them.
#[test]
fn samples_are_the_bytes_of_the_video() {
    let (folder, path) = make("clip.vob", 4, &format!("{LARGE} -g 12 -bf 2 -c:a mp2"));
    let bare = folder.path().join("bare.m2v");
    let mut command = Command::new(&ffmpegs()[0].path);
    command
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(&path);
    command.args(["-map", "0:v", "-c", "copy", "-f", "mpeg2video"]);
    assert!(command.arg(&bare).status().unwrap().success());
    let (file, track) = (std::fs::read(&path).unwrap(), index(&path).unwrap());
    let samples = track.samples.iter().map(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        track.unpacked(file[at..at + sample.size as usize].to_vec())
    });
    let samples: Vec<Vec<u8>> = samples.collect();
    assert!(samples.concat() == std::fs::read(&bare).unwrap());
    // The beginning of one is the beginning of its bytes, wherever it breaks off.
    let (sample, whole) = (track.samples[3], &samples[3]);
    let at = usize::try_from(sample.offset).unwrap();
    for length in (0..sample.size as usize).step_by(97) {
        let head = track.unpacked(file[at..at + length].to_vec());
        assert!(
            whole.starts_with(&head) && head.len() + 200 > length.min(2000),
            "{length}"
        );
    }
}
