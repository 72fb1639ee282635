//! Covers by their look: none is black where the video is not.

use crate::{ends_with, files, program};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What a video shows, as ffmpeg's filters make it, how long, and how often a keyframe comes.
struct Variant {
    file: &'static str,
    shows: &'static str,
    keyframe_every: &'static str,
}

const fn variant(file: &'static str, shows: &'static str, keyframe_every: &'static str) -> Variant {
    Variant {
        file,
        shows,
        keyframe_every,
    }
}

const BLACK_THEN: &str =
    "color=black:s=160x90:r=10:d=2[a];testsrc2=s=160x90:r=10:d=2[b];[a][b]concat";

const VARIANTS: &[Variant] = &[
    variant("black_first.mp4", BLACK_THEN, "10"),
    variant("black_first_one_keyframe.mp4", BLACK_THEN, "999"),
    variant("black_first.mkv", BLACK_THEN, "10"),
    variant("black_first.ts", BLACK_THEN, "10"),
    variant("black_first_one_keyframe.ts", BLACK_THEN, "999"),
    variant("fade.mp4", "testsrc2=s=160x90:r=10:d=4,fade=d=2", "5"),
    variant(
        "fade_one_keyframe.mp4",
        "testsrc2=s=160x90:r=10:d=3,fade=d=3",
        "999",
    ),
    variant(
        "fade_both_ends.mp4",
        "testsrc2=s=160x90:r=10:d=4,fade=d=1,fade=t=out:st=2:d=2",
        "7",
    ),
    variant(
        "white_flash.mp4",
        "testsrc2=s=160x90:r=10:d=4,fade=d=1,drawbox=t=fill:c=white:enable='between(t,1.9,3)'",
        "10",
    ),
    variant(
        "bars.mp4",
        "testsrc2=s=160x60:r=10:d=3,fade=d=2,pad=160:90:0:15",
        "10",
    ),
    variant("portrait.mp4", "testsrc2=s=90x160:r=10:d=3,fade=d=2", "10"),
    variant(
        "pillars.mp4",
        "testsrc2=s=50x90:r=10:d=3,fade=d=2,pad=160:90:55:0",
        "10",
    ),
    variant(
        "blurred_titles.mp4",
        "color=black:s=160x90:r=10:d=2,drawbox=60:40:40:8:white:fill,boxblur=5[a];testsrc2=s=160x90:r=10:d=2[b];[a][b]concat",
        "10",
    ),
    variant(
        "logo_on_black.mp4",
        "color=black:s=160x90:r=10:d=2,drawbox=2:2:12:8:white:fill[a];testsrc2=s=160x90:r=10:d=2[b];[a][b]concat",
        "10",
    ),
    variant(
        "dark.mp4",
        "testsrc2=s=160x90:r=10:d=3,fade=d=2,lutyuv=y='16+(val-16)/4':u='128+(val-128)/4':v='128+(val-128)/4'",
        "10",
    ),
    variant(
        "slates.mp4",
        "color=black:s=160x90:r=10:d=1[a];color=blue:s=160x90:r=10:d=2[b];testsrc2=s=160x90:r=10:d=1[c];[a][b][c]concat=3",
        "10",
    ),
    variant(
        "long_intro.mp4",
        "color=black:s=160x90:r=10:d=60[a];testsrc2=s=160x90:r=10:d=2[b];[a][b]concat",
        "10",
    ),
    variant(
        "seldom.mp4",
        "testsrc2=s=160x90:r=10:d=60,drawbox=t=fill:c=black:enable='lt(mod(t,13),12)'",
        "10",
    ),
    variant(
        "one_second.mp4",
        "testsrc2=s=160x90:r=10:d=1,fade=d=0.5",
        "999",
    ),
    variant(
        "noise.mp4",
        "color=gray:s=160x90:r=10:d=2,noise=alls=100:allf=t[a];testsrc2=s=160x90:r=10:d=2[b];[a][b]concat,fade=d=1",
        "10",
    ),
    variant(
        "grain.mp4",
        "color=black:s=160x90:r=10:d=2,noise=alls=12:allf=t[a];testsrc2=s=160x90:r=10:d=1[b];[a][b]concat",
        "10",
    ),
    variant(
        "four_hours.mp4",
        "testsrc2=s=160x90:r=1/60:d=14400,drawbox=t=fill:c=black:enable='lt(t,9000)'",
        "40",
    ),
];

/// All of them, by one ffmpeg.
fn make(folder: &Path, variants: &[Variant]) {
    let ffmpegs = support::clips::ffmpegs();
    let mut command = Command::new(&ffmpegs[0].path);
    command.args(["-v", "error"]);
    for variant in variants {
        command.args(["-f", "lavfi", "-i", variant.shows]);
    }
    for (nth, variant) in variants.iter().enumerate() {
        command.args(["-map", &nth.to_string(), "-c:v", "libx264"]);
        command.args([
            "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p",
        ]);
        command.args(["-g", variant.keyframe_every, "-sc_threshold", "0"]);
        command.arg(folder.join(variant.file));
    }
    assert!(command.status().unwrap().success());
}

/// A tenth of the pixels is bright enough to be seen.
fn is_black(jpeg: &[u8]) -> bool {
    let picture = image::load_from_memory(jpeg).unwrap().to_luma8();
    let seen = picture.iter().filter(|level| **level > 45).count();
    seen * 10 < picture.len()
}

/// The covers of `videos`, one each, by their folders' names.
fn covers(folder: &Path, out: &str, videos: &[&str], options: &[&str]) -> Vec<Vec<u8>> {
    let mut command = program(folder);
    let taken = command
        .args(["--cover", "auto", "--out", out])
        .args(options)
        .args(videos)
        .output();
    ends_with(&taken.unwrap(), 0);
    let cover = |video: &&str| {
        let folder = folder.join(out).join(video);
        assert_eq!(
            files(&folder),
            ["manifest.json", "snapshot-00001.jpg"],
            "{video}"
        );
        fs::read(folder.join("snapshot-00001.jpg")).unwrap()
    };
    videos.iter().map(cover).collect()
}

/// The first picture of a video that fades in is black, and so was its cover.
#[test]
fn the_cover_of_a_video_that_shows_something_is_not_black() {
    let folder = TempDir::new().unwrap();
    make(folder.path(), VARIANTS);
    let videos: Vec<_> = VARIANTS.iter().map(|variant| variant.file).collect();
    for ffmpeg in support::clips::ffmpegs() {
        let out = ffmpeg.version.to_string();
        let binary = ["--ffmpeg", ffmpeg.path.to_str().unwrap()];
        let covers = covers(folder.path(), &out, &videos, &binary);
        let black = videos
            .iter()
            .zip(&covers)
            .filter(|(_, cover)| is_black(cover));
        let black: Vec<_> = black.map(|(video, _)| video).collect();
        assert!(black.is_empty(), "{out}: {black:?}");
    }
}

#[test]
fn an_all_black_video_has_a_cover_and_the_same_one_twice() {
    let folder = TempDir::new().unwrap();
    let black = |file| {
        variant(
            file,
            "color=black:s=160x90:r=10:d=4,noise=alls=6:allf=t",
            "10",
        )
    };
    make(folder.path(), &[black("a.mp4"), black("b.mp4")]);
    let ffmpegs = support::clips::ffmpegs();
    let mut all = Vec::new();
    for (nth, ffmpeg) in ffmpegs.iter().chain(&ffmpegs).enumerate() {
        let binary = ["--ffmpeg", ffmpeg.path.to_str().unwrap()];
        all.push(covers(
            folder.path(),
            &nth.to_string(),
            &["a.mp4", "b.mp4"],
            &binary,
        ));
    }
    assert!(all.iter().flatten().all(|cover| *cover == all[0][0]));
    assert!(is_black(&all[0][0]));
}

#[test]
fn a_manifest_says_what_was_looked_at_and_how_it_was_judged() {
    let folder = TempDir::new().unwrap();
    make(folder.path(), &[variant("v.mp4", BLACK_THEN, "5")]);
    let taken = program(folder.path())
        .args([
            "v.mp4", "--cover", "auto", "--count", "8", "--out", "covers",
        ])
        .output();
    let (table, _) = ends_with(&taken.unwrap(), 0);
    assert!(table.contains("score"), "{table}");
    let manifest = fs::read(folder.path().join("covers/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["SnapshotType"], "CoverSnapshot");
    let candidates = manifest["Candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 8);
    let (black, seen): (Vec<_>, Vec<_>) = candidates.iter().partition(|one| one["Flaw"] == "Black");
    assert!(
        black
            .iter()
            .all(|one| one["PresentationMs"].as_f64().unwrap() < 2000.0)
    );
    assert_eq!((black.len(), seen.len()), (4, 4));
    let pictures = manifest["Pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 4, "the black ones are no covers");
    let score_of = |picture: &Value| {
        let mut its = seen.iter().filter(|one| one["Index"] == picture["Index"]);
        its.next().unwrap()["Score"].as_u64().unwrap()
    };
    assert!(
        pictures
            .iter()
            .map(score_of)
            .is_sorted_by(|better, worse| better >= worse)
    );
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn the_cover_of_a_clip_that_begins_with_four_black_seconds_is_not_black() {
    let folder = TempDir::new().unwrap();
    let clip = support::corpus().join("synthetic/black_first_4s.mp4");
    let out = folder.path().join("cover.jpg");
    let taken = program(folder.path())
        .arg(clip)
        .args(["--cover", "auto", "--out"])
        .arg(&out)
        .output();
    ends_with(&taken.unwrap(), 0);
    assert!(!is_black(&fs::read(out).unwrap()));
}
