//! What a machine does to a service: the disk is full or can't be written, the database is held by
//! somebody else, ffmpeg is gone, a video is gone or another. Each time the error is clear, nothing
//! half-written is seen, the service goes on by itself, and jobs end.

mod decoder;
mod disk;
mod locked;
mod mount;
mod replaced;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server, Setup};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

fn setup(data: &Path, media_root: &Path, arguments: &[&str]) -> Setup {
    Setup {
        program: PathBuf::from(PROGRAM),
        data: data.to_owned(),
        media_root: media_root.to_owned(),
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
    }
}

/// A server over the numbered clip.
fn server(data: &Path, arguments: &[&str]) -> Server {
    let clip = support::numbered_clip();
    Server::start(&setup(data, clip.parent().unwrap(), arguments))
}

/// What a server that does not start says.
fn refusal(data: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM)
        .args(["serve", "--auth", "none", "--listen", "127.0.0.1:0"])
        .arg("--data")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

/// Waits for something that has to come.
fn wait_for(what: &str, mut come: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !come() {
        assert!(begun.elapsed() < PATIENCE, "{what} does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for_log(server: &Server, text: &str) {
    wait_for(text, || !server.log_lines(text).is_empty());
}

/// The pictures and manifests that are there of a video, whole or not.
fn objects(data: &Path, video: &str) -> Vec<PathBuf> {
    let folder = data.join("objects").join(video).join("snapshots");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Every picture that is there, decoded: one that is half-written fails.
fn decode_all(data: &Path, video: &str) -> usize {
    let all = objects(data, video);
    let pictures = all.iter().filter(|path| path.extension().unwrap() == "jpg");
    let decoded = pictures.map(|path| image::open(path).unwrap());
    decoded.count()
}

/// The pictures of a job that ended Success are the numbered clip's.
fn check_numbers(server: &Server, video: &str, job: &str, frame_at: impl Fn(u64) -> u64) {
    for picture in &server.manifest(video, job).pictures {
        let pixels = server.picture(picture.key.as_ref().unwrap());
        let frame = frame_at(picture.requested_ms);
        assert_eq!(support::number(&pixels), Some(frame), "{picture:?}");
    }
}

/// Of the numbered clip.
fn frame_at(ms: u64) -> u64 {
    ms * 25 / 1000
}
