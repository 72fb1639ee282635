//! Runs that a signal ends.

use crate::{ends_with, files, number_of, program, run};
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

#[test]
fn what_a_killed_run_was_writing_goes_with_the_next_run() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let mut command = program(folder.path());
    command.args(["clip.mp4", "--count", "20000", "--interval", "0"]);
    let child = command.args(["--out", "out"]).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    wait_for(&out.join("snapshot-00003.jpg"));
    end(&child, "KILL");
    ended(child);
    // A write takes a moment only, which a kill seldom meets: this is what it leaves then.
    for name in ["unfinished-0aB1cD2eF3gH", "unfinished-of-somebody"] {
        std::fs::write(out.join(format!(".vod-snapshot-{name}")), "half").unwrap();
    }
    let again = ["clip.mp4", "--at", "0", "--out", "out", "--force"];
    ends_with(&run(folder.path(), &again), 0);
    let left = files(&out);
    let foreign = ".vod-snapshot-unfinished-of-somebody";
    assert_eq!(left, [foreign, "manifest.json", "snapshot-00001.jpg"]);
}
