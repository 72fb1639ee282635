//! The program around a decoder: closed to others of its user, and loud where a decoder is not
//! confined.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use support::clips::{Recipe, ffmpegs};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
/// nobody
const OTHER: u32 = 65534;

#[test]
#[cfg_attr(not(root), ignore = "needs root")]
fn a_server_keeps_its_environment_from_others_of_its_user() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    open(folder.path());
    let program = folder.path().join("program");
    fs::copy(PROGRAM, &program).unwrap();
    open(&program);
    // Ours may lie where nobody else gets to.
    let ffmpeg = folder.path().join("ffmpeg");
    fs::copy(&ffmpegs()[0].path, &ffmpeg).unwrap();
    open(&ffmpeg);
    let mut server = Command::new(&program)
        .args([
            "serve",
            "--auth",
            "none",
            "--listen",
            "127.0.0.1:0",
            "--data",
        ])
        .arg(folder.path().join("data"))
        .arg("--ffmpeg")
        .arg(&ffmpeg)
        .env_clear()
        .env("SECRET", "hunter2")
        .uid(OTHER)
        .gid(OTHER)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line.contains("listening")));
    let read = Command::new("cat")
        .arg(format!("/proc/{}/environ", server.id()))
        .uid(OTHER)
        .gid(OTHER)
        .output()
        .unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(
        !read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stdout)
    );
}

/// Takes a picture with `ffmpeg`, which is to be confined at `level`.
fn snapshot(ffmpeg: &Path, level: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let clip = Recipe::h264("hostile").clip(&ffmpegs()[0].path);
    Command::new(PROGRAM)
        .args(["snapshot", "--count", "1"])
        .args(["--require-confinement", level, "--out"])
        .arg(folder.path().join("out"))
        .arg("--ffmpeg")
        .arg(ffmpeg)
        .arg(&clip)
        .output()
        .unwrap()
}

fn stderr(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn a_decoder_that_is_confined_is_not_warned_of() {
    for level in ["limits", "full"] {
        let run = snapshot(&ffmpegs()[0].path, level);
        assert!(run.status.success(), "{}", stderr(&run));
        assert!(!stderr(&run).contains("WARNING"), "{}", stderr(&run));
    }
}

/// A script needs a shell, which is another program, and that another: it can't be confined.
#[test]
fn a_decoder_that_is_not_confined_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("ffmpeg");
    let real = &ffmpegs()[0].path;
    fs::write(
        &script,
        format!("#!/bin/sh\nexec {} \"$@\"\n", real.display()),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let run = snapshot(&script, "limits");
    assert!(run.status.success());
    let warned = stderr(&run);
    assert!(
        warned.contains("WARNING: that ffmpeg runs NOT confined"),
        "{warned}"
    );
    let refused = snapshot(&script, "syscalls");
    assert!(!refused.status.success());
    let why = stderr(&refused);
    assert!(
        why.contains("at the level limits, but syscalls is required: no system call is refused"),
        "{why}"
    );
}
