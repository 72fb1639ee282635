//! Streams of which pictures were lost on the way: what a decoder fills in their place is what it
//! fills in when it is given all that is left.

use super::check::program;
use super::make::{Piece, Workshop};
use std::collections::BTreeSet;
use std::path::Path;
use support::clips::ffmpegs;
use support::judge::Judge;

const SIZE: (usize, usize) = (320, 240);

/// Every seventh is lost, none of them the first.
const LOSSES: &str = "-bsf:v noise=drop=not(mod(n+3\\,7))";

fn judge() -> Judge {
    Judge {
        alone: 2,
        ..Judge::of(program())
    }
}

/// What is wrong with every fourth frame, whichever way it is reached.
fn failures(clip: &Path) -> Vec<String> {
    let points: BTreeSet<u64> = (0..100).step_by(4).map(|frame| frame * 40).collect();
    let mut failures = Vec::new();
    for ffmpeg in ffmpegs() {
        let report = judge().judge_at(&ffmpeg.path, clip, &points);
        if !report.is_ok() {
            let name = clip.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}, {}: {}", ffmpeg.version, report.verdict()));
        }
    }
    failures
}

/// Of 100 frames in these containers.
fn assert_as_plain(options: &str, extensions: &[&str]) {
    let workshop = Workshop::open();
    let mut piece = Piece::new(SIZE, options);
    piece.frames = 100;
    let whole = workshop.piece(&piece, 0, "whole.mp4");
    let mut wrong = Vec::new();
    for extension in extensions {
        let clip = workshop.copied(&whole, &format!("lost.{extension}"), LOSSES);
        wrong.extend(failures(&clip));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const H264: &str = "-c:v libx264 -preset veryfast -g 50 -pix_fmt yuv420p";

/// Pictures that nothing refers to hid the losses, and were left out.
#[test]
fn h264_with_b_frames_fills_the_same_gaps() {
    assert_as_plain(&format!("{H264} -bf 3"), &["mp4", "mkv", "ts"]);
}

#[test]
fn h264_of_open_groups_fills_the_same_gaps() {
    let options = format!("{H264} -x264-params open-gop=1:bframes=3:b-pyramid=strict");
    assert_as_plain(&options, &["mp4", "mkv", "ts"]);
}

#[test]
fn h264_of_few_references_fills_the_same_gaps() {
    let options = format!("{H264} -x264-params ref=1:bframes=2:b-pyramid=none");
    assert_as_plain(&options, &["mp4", "mkv"]);
}
