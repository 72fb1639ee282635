//! Arguments of the command line: numbers that would take all memory, and paths and options that
//! were accepted and then failed.

use std::process::{Command, Output};
use support::bench::clip;
use support::clips::ffmpegs;
use tempfile::TempDir;

fn refusal(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .args(["snapshot", "no-video.mp4", "--out", "no-folder"])
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "a panic is 101");
    String::from_utf8(output.stderr).unwrap()
}

/// `--count 4294967295` panicked, and 20,000,000 took 1.8 GB.
#[test]
fn a_run_asks_for_no_more_pictures_than_a_call_may() {
    for count in ["0", "20001", "20000000", "4294967295"] {
        for interval in [&[][..], &["--interval", "0"], &["--interval", "1"]] {
            let said = refusal(&[&["--count", count], interval].concat());
            let rule =
                format!("--count: it must be from 1 to 20000 (see --max-snapshots), not {count}");
            assert!(said.contains(&rule), "{said}");
        }
    }
    let said = refusal(&["--count", "11", "--max-snapshots", "10"]);
    assert!(said.contains("from 1 to 10 "), "{said}");
    let times: Vec<_> = (0..31).map(|time| time.to_string()).collect();
    let said = refusal(&["--at", &times.join(",")]);
    assert!(
        said.contains("--at: it takes 1 to 30 times, not 31"),
        "{said}"
    );
    let sheet = r#"{"Columns":10001,"Lines":1}"#;
    let said = refusal(&["--count", "1", "--sprite", sheet]);
    assert!(
        said.contains("--sprite") && said.contains("10000"),
        "{said}"
    );
}

/// Takes one picture, with the working directory `folder`.
fn run_in(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .args(["snapshot", "--out", "out"])
        .arg(clip())
        .args(arguments)
        .env_remove("VOD_SNAPSHOT_FFMPEG")
        .envs(variables.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap()
}

/// `--ffmpeg bin/ffmpeg` was accepted, and then "No such file or directory": a decoder has a
/// working directory of its own.
#[test]
fn a_relative_path_of_ffmpeg_is_that_of_the_working_directory() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(&ffmpegs()[0].path, folder.path().join("bin/ffmpeg")).unwrap();
    let count = ["--count", "1"];
    let by_option = run_in(
        &folder,
        &[&count[..], &["--ffmpeg", "bin/ffmpeg"]].concat(),
        &[],
    );
    let by_variable = run_in(&folder, &count, &[("VOD_SNAPSHOT_FFMPEG", "./bin/ffmpeg")]);
    for output in [by_option, by_variable] {
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
    }
}

/// It exited with 1, and without usage.
#[test]
fn a_run_that_names_no_times_is_a_usage_error() {
    let folder = TempDir::new().unwrap();
    let output = run_in(&folder, &["--offset", "5"], &[]);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("Usage:"), "{printed}");
}
