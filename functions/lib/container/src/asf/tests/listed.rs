//! ffmpeg's list of packets is the truth: times, sync samples, ends.

use crate::test_support::{SMALL, Trust, all_media, compare, ffmpegs, index, made_clip};
use std::path::PathBuf;
use tempfile::TempDir;

const TRUST: Trust = Trust {
    hidden: false,
    last_tick: false,
    last_is_whole: true,
};

/// Clips of four seconds, each with its options.
pub(super) const CLIPS: [(&str, &str); 7] = [
    ("wmv2", "-c:v wmv2 -q:v 3 -g 15 -c:a wmav2"),
    ("wmv1", "-c:v wmv1 -q:v 3 -g 15 -c:a wmav1 -b:a 64k"),
    ("msmpeg4v3", "-c:v msmpeg4 -g 15 -an"),
    ("msmpeg4v2", "-c:v msmpeg4v2 -g 15 -an"),
    ("mjpeg", "-c:v mjpeg -c:a wmav2"),
    ("wmv2", "-vf fps=30000/1001 -c:v wmv2 -g 15 -an"),
    (
        "wmv2",
        "-vf setsar=4/3 -c:v wmv2 -g 15 -packet_size 900 -c:a wmav2",
    ),
];

pub(super) fn make(options: &str) -> (TempDir, PathBuf) {
    made_clip(&ffmpegs()[0], "clip.wmv", SMALL, options)
}

#[test]
fn made_clips_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    for (codec, options) in CLIPS {
        let (_folder, path) = make(options);
        let track = index(&path).unwrap_or_else(|error| panic!("{options}: {error}"));
        assert_eq!(track.codec.name(), codec);
        assert!(track.samples.len() >= 60, "{options}");
        let found = compare(&path, &Ok(track), TRUST);
        differences.extend(found.into_iter().map(|found| format!("{options}: {found}")));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn the_shape_of_a_pixel_is_what_metadata_say() {
    let (_folder, path) = make(CLIPS[6].1);
    assert_eq!(index(&path).unwrap().sample_aspect_ratio, Some((4, 3)));
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in all_media(&["asf", "wmv"]) {
        differences.extend(compare(&path, &index(&path), TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Two sounds and two videos: the first of these is the one.
#[test]
fn of_several_streams_the_first_video_is_listed() {
    let (_folder, path) = make(
        "-map 1 -map 0 -map 1 -map 0 -c:v:0 wmv2 -c:v:1 wmv1 -q:v 3 -g 15 -c:a:0 wmav1 -c:a:1 wmav2",
    );
    let track = index(&path).unwrap();
    assert_eq!((track.stream, track.codec.name()), (1, "wmv2"));
    assert_eq!(track.sounds.len(), 2);
    let differences = compare(&path, &Ok(track), TRUST);
    assert!(differences.is_empty(), "{differences:#?}");
}
