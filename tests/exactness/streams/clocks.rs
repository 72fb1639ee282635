//! Clocks that are not clean: one frame far off, late starts, empty edits, restarts.

use super::check::{Expected, failures, program};
use super::make::{FRAME_MS, H264, Piece, Workshop, at};
use std::fs;
use std::path::{Path, PathBuf};
use support::clips::ffmpegs;
use support::judge::program::ask;

const SIZE: (usize, usize) = (320, 240);
const SHOWN: (u64, u64) = (320, 240);
const FRAMES: u16 = 24;
const CONTAINERS: [&str; 4] = ["ts", "mkv", "flv", "mp4"];

/// Without B-frames: times are changed packet by packet.
fn clip(workshop: &Workshop, name: &str) -> PathBuf {
    let mut piece = Piece::new(SIZE, &format!("{H264} -bf 0 -g 8"));
    piece.frames = FRAMES;
    workshop.piece(&piece, 0, name)
}

fn expect(numbers: &[u16], after_ms: u64) -> Vec<Expected> {
    let expected = |&number| Expected::new(at(number) + after_ms, number, SHOWN);
    numbers.iter().map(expected).collect()
}

/// Longer than the clip by no more than its last frame.
fn wrong_duration(clip: &Path) -> Vec<String> {
    let right = at(FRAMES - 1)..=at(FRAMES) + FRAME_MS;
    let mut wrong = Vec::new();
    for ffmpeg in ffmpegs() {
        let answer = ask(&program(), &ffmpeg.path, clip, &[0], &[]);
        if answer.refusal.is_none() && !right.contains(&answer.duration_ms) {
            let name = clip.file_name().unwrap().to_string_lossy();
            let duration = answer.duration_ms;
            wrong.push(format!(
                "{name}, {}: a duration of {duration} ms",
                ffmpeg.version
            ));
        }
    }
    wrong
}

fn assert_far_off(extension: &str) {
    let workshop = Workshop::open();
    let plain = clip(&workshop, "plain.mp4");
    let far = "pts='if(eq(N,10),PTS+20/TB,PTS)':dts=DTS";
    let clip = workshop.retimed(&plain, &format!("far.{extension}"), far);
    // What is shown at the time of frame 10 may be it or the one before.
    let mut wrong = failures(&clip, &expect(&[0, 5, 9, 12, 17, 23], 0));
    wrong.extend(failures(&clip, &expect(&[3, 8, 15, 20], 17)));
    wrong.extend(wrong_duration(&clip));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn one_frame_20_s_ahead_freezes_no_picture_in_a_transport_stream() {
    assert_far_off("ts");
}

#[test]
fn one_frame_20_s_ahead_freezes_no_picture_in_matroska() {
    assert_far_off("mkv");
}

#[test]
fn one_frame_20_s_ahead_freezes_no_picture_in_flv() {
    assert_far_off("flv");
}

#[test]
fn one_frame_20_s_ahead_freezes_no_picture_in_mp4() {
    assert_far_off("mp4");
}

#[test]
fn a_clock_that_restarts_goes_on() {
    let workshop = Workshop::open();
    let piece = Piece::new(SIZE, &format!("{H264} -bf 0"));
    let mut bytes = Vec::new();
    for first in [0, 8] {
        let late = workshop.piece(&piece, first, "late.ts");
        let from_zero = match first {
            0 => late,
            _ => workshop.copied(
                &late,
                "again.ts",
                "-muxdelay 0 -output_ts_offset -0.32 -muxpreload 0",
            ),
        };
        bytes.extend(fs::read(from_zero).unwrap());
    }
    let clip = workshop.path("restarts.ts");
    fs::write(&clip, bytes).unwrap();
    // In the middle of each frame: how long the last one before the restart lasts is a guess.
    let expected = expect(&[0, 4, 6, 9, 12, 14], 20);
    let wrong = failures(&clip, &expected);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_begins_late_begins_at_zero() {
    let workshop = Workshop::open();
    let plain = clip(&workshop, "plain.mp4");
    let mut wrong = Vec::new();
    for extension in CONTAINERS {
        let name = format!("late.{extension}");
        let clip = workshop.copied(&plain, &name, "-output_ts_offset 10");
        wrong.extend(failures(&clip, &expect(&[0, 1, 12, 23], 0)));
        wrong.extend(wrong_duration(&clip));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_empty_edit_before_the_first_frame_counts_nothing() {
    let workshop = Workshop::open();
    let mut piece = Piece::new(SIZE, &format!("{H264} -g 8"));
    piece.frames = FRAMES;
    let plain = workshop.piece(&piece, 0, "plain.mp4");
    let clip = workshop.copied(
        &plain,
        "edit.mp4",
        "-output_ts_offset 2 -avoid_negative_ts disabled",
    );
    let bytes = fs::read(&clip).unwrap();
    assert!(bytes.windows(4).any(|kind| kind == b"elst"), "no edit list");
    let mut wrong = failures(&clip, &expect(&[0, 1, 9, 22], 0));
    wrong.extend(failures(&clip, &expect(&[0, 7, 16], 39)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
