//! Clocks that are not clean: one frame far off, late starts, empty edits, restarts.

use super::check::{Expected, against_recipe, failures, program};
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
    by(workshop, &format!("{H264} -bf 0 -g 8"), name)
}

fn by(workshop: &Workshop, options: &str, name: &str) -> PathBuf {
    let mut piece = Piece::new(SIZE, &format!("{options} -pix_fmt yuv420p"));
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
    assert_as_without(&workshop.retimed(&plain, &format!("far.{extension}"), far));
}

/// Whatever is wrong with times of frames 9 to 12.
fn assert_as_without(clip: &Path) {
    // What is shown at the time of frame 10 may be it or the one before.
    let mut wrong = failures(clip, &expect(&[0, 5, 9, 12, 17, 23], 0));
    wrong.extend(failures(clip, &expect(&[3, 8, 15, 20], 17)));
    wrong.extend(wrong_duration(clip));
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
fn one_frame_20_s_ahead_freezes_no_picture_in_a_program_stream() {
    let workshop = Workshop::open();
    let plain = by(&workshop, "-c:v mpeg2video -q:v 3 -bf 0 -g 8", "plain.mpg");
    let far = "-bsf:v setts=pts='if(eq(N,10),PTS+1800000,PTS)':dts=DTS";
    assert_as_without(&workshop.copied(&plain, "far.mpg", far));
}

/// ASF says when an object is shown behind its size: in a payload of 8 such bytes.
#[test]
fn one_frame_20_s_ahead_freezes_no_picture_in_asf() {
    let workshop = Workshop::open();
    let clip = by(&workshop, "-c:v wmv2 -q:v 4 -g 8", "far.wmv");
    let mut bytes = fs::read(&clip).unwrap();
    // Its clock begins at a preroll.
    let shown = u32::to_le_bytes(3100 + 10 * 40);
    let is_time = |&at: &usize| bytes[at - 5] == 8 && bytes[at..at + 4] == shown;
    let at = (5..bytes.len() - 4).find(is_time).unwrap();
    bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(23_100 + 10 * 40));
    fs::write(&clip, bytes).unwrap();
    assert_as_without(&clip);
}

/// In Ogg one time is said of a page; those of the others in it are counted from it.
#[test]
fn a_page_20_s_ahead_freezes_no_picture_in_ogg() {
    let workshop = Workshop::open();
    let clip = by(&workshop, "-c:v libtheora -q:v 6 -g 8", "far.ogv");
    let mut bytes = fs::read(&clip).unwrap();
    let (mut at, mut is_changed) = (0, false);
    while at < bytes.len() {
        let segments = usize::from(bytes[at + 26]);
        let lengths = &bytes[at + 27..at + 27 + segments];
        let data: usize = lengths.iter().map(|&length| usize::from(length)).sum();
        let page = &mut bytes[at..at + 27 + segments + data];
        at += page.len();
        // Frames 9 to 15: the keyframe before, counted from 1, and how many came since.
        if page[6..14] == i64::to_le_bytes(9 << 6 | 7) {
            page[6..14].copy_from_slice(&i64::to_le_bytes((9 + 500) << 6 | 7));
            page[22..26].fill(0);
            let checksum = ogg_checksum(page);
            page[22..26].copy_from_slice(&checksum.to_le_bytes());
            is_changed = true;
        }
    }
    assert!(is_changed);
    fs::write(&clip, bytes).unwrap();
    // By the recipe alone: the judge puts single times right, and no runs of them.
    let expected = expect(&[0, 5, 9, 10, 12, 15, 17, 23], 17);
    let points: Vec<u64> = expected.iter().map(|expected| expected.at_ms).collect();
    let mut wrong = wrong_duration(&clip);
    for ffmpeg in ffmpegs() {
        let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
        wrong.extend(against_recipe(&answer, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// RFC 3533, 6.
fn ogg_checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum: u32, &byte| {
        (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
            let carries = sum >> 31 == 1;
            sum << 1 ^ if carries { 0x04c1_1db7 } else { 0 }
        })
    })
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
