//! The judge itself: it finds what is wrong, and nothing in what is right.

use super::check::program;
use super::make::{H264, Piece, Workshop};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::report::{Report, Wrong};

/// The program as if somebody had added an option to each call.
fn with_option(workshop: &Workshop, option: &str) -> PathBuf {
    let path = workshop.path("program");
    let program = program();
    let script = format!("#!/bin/sh\nexec '{}' \"$@\" {option}\n", program.display());
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn judged(option: &str) -> Report {
    let workshop = Workshop::open();
    let mut piece = Piece::new((320, 240), H264);
    piece.frames = 20;
    let clip = workshop.piece(&piece, 0, "clip.mp4");
    let judge = Judge::of(with_option(&workshop, option));
    judge.judge(&ffmpegs()[0].path, &clip)
}

fn has(report: &Report, wrong: Wrong) -> bool {
    report.findings.iter().any(|finding| finding.wrong == wrong)
}

#[test]
fn what_is_right_is_ok() {
    let report = judged("");
    assert_eq!(report.verdict(), "ok");
    assert!(report.points >= 10, "{report:?}");
}

#[test]
fn keyframes_in_place_of_frames_are_wrong_frames() {
    let report = judged("--frame-type intra");
    assert!(has(&report, Wrong::Frame), "{}", report.verdict());
}

#[test]
fn another_size_is_a_wrong_size() {
    let report = judged("--width 100 --height 100");
    assert!(has(&report, Wrong::Size), "{}", report.verdict());
}

#[test]
fn a_limit_that_is_exceeded_is_a_right_refusal() {
    let report = judged("--limit frame-pixels=100");
    assert!(report.is_ok(), "{}", report.verdict());
    assert!(report.refused.is_some(), "{}", report.verdict());
}
