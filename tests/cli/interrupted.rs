//! Runs that a signal ends.

use crate::{files, number_of, program};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn end(child: &Child, signal: &str) {
    let (signal, id) = (format!("-{signal}"), child.id().to_string());
    assert!(
        Command::new("kill")
            .args([signal, id])
            .status()
            .unwrap()
            .success()
    );
}

/// How it ended, and what it said.
fn ended(mut child: Child) -> (Option<i32>, String) {
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (child.wait().unwrap().code(), said)
}

fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{}",
            path.display()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_signal_leaves_whole_pictures_and_says_so() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = TempDir::new().unwrap();
        // So many copies of the clip's frames that the run does not end by itself.
        let many = [
            "clip.mp4",
            "--count",
            "20000",
            "--interval",
            "0",
            "--out",
            "out",
        ];
        let mut command = program(folder.path());
        let child = command.args(many).stderr(Stdio::piped()).spawn().unwrap();
        wait_for(&folder.path().join("out/snapshot-00003.jpg"));
        end(&child, signal);
        let (ended_with, said) = ended(child);
        assert_eq!(ended_with, Some(code), "{said}");
        let left = files(&folder.path().join("out"));
        let kept = format!("{} finished files are kept", left.len());
        assert!(said.contains(&kept), "{said} {left:?}");
        for name in &left {
            assert!(name.starts_with("snapshot-"), "{name}");
            number_of(&folder.path().join("out").join(name));
        }
    }
}

#[test]
fn a_run_that_waits_for_its_input_ends_as_well() {
    let folder = TempDir::new().unwrap();
    let mut command = program(folder.path());
    command.args(["-", "--at", "0", "--out", "out"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take();
    // It is told once it listens: it says which ffmpeg it uses after that.
    let mut line = Vec::new();
    let stderr = child.stderr.as_mut().unwrap();
    while !line.ends_with(b"\n") {
        let mut byte = [0];
        stderr.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    end(&child, "TERM");
    let (code, said) = ended(child);
    drop(stdin);
    assert_eq!(code, Some(143), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
    assert!(!folder.path().join("out").exists());
}
