//! The program around a decoder: closed to others of its user, and loud where a decoder is not
//! confined.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use support::clips::{Recipe, ffmpegs};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
/// nobody
const OTHER: u32 = 65534;

#[test]
fn a_server_keeps_its_environment_from_others_of_its_user() {
    let ffmpeg = Path::new("/usr/bin/ffmpeg");
    if fs::write("/proc/self/oom_score_adj", "0").is_err() || !nix_is_root() || !ffmpeg.exists() {
        eprintln!("SKIPPED: only root can start a server as another user, with an ffmpeg of all");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    open(folder.path());
    let program = folder.path().join("program");
    fs::copy(PROGRAM, &program).unwrap();
    open(&program);
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
        .arg(ffmpeg)
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

fn nix_is_root() -> bool {
    fs::read_to_string("/proc/self/status")
        .unwrap()
        .contains("\nUid:\t0\t0\t0\t0")
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
    let clip = Recipe::h264("hostile").clip(real).unwrap();
    let run = |ffmpeg: &Path, level: &str| {
        Command::new(PROGRAM)
            .args(["snapshot", "--count", "1"])
            .args(["--require-confinement", level, "--out"])
            .arg(folder.path().join("out"))
            .arg("--ffmpeg")
            .arg(ffmpeg)
            .arg(&clip)
            .output()
            .unwrap()
    };
    let said = |ffmpeg: &Path| {
        let run = run(ffmpeg, "limits");
        assert!(run.status.success());
        String::from_utf8_lossy(&run.stderr).into_owned()
    };
    let warned = said(&script);
    assert!(
        warned.contains("WARNING: that ffmpeg runs NOT confined"),
        "{warned}"
    );
    if ffmpegs()[0].sandbox == decoder::Sandbox::FULL {
        assert!(!said(real).contains("WARNING"));
        assert!(run(real, "full").status.success());
    }
    let refused = run(&script, "syscalls");
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        why.contains("at the level limits, but syscalls is required: no system call is refused"),
        "{why}"
    );
}
