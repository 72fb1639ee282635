//! Clips that tests make.

use std::path::{Path, PathBuf};
use std::process::Command;

/// So many seconds of a picture that changes with every frame, a sync sample each ten frames.
#[must_use]
pub fn encode(seconds: u32, size: &str, rate: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clip.mp4");
    let source = format!("testsrc=duration={seconds}:size={size}:rate={rate}");
    let made = Command::new(encoder())
        .args(["-v", "error", "-f", "lavfi", "-i", &source])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "10"])
        .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
        .arg(&file)
        .status();
    assert!(made.unwrap().success());
    std::fs::read(file).unwrap()
}

/// An MP4 in another container, such as `avi`.
#[must_use]
pub fn inside(extension: &str, mp4: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (
        folder.path().join("a.mp4"),
        folder.path().join(format!("b.{extension}")),
    );
    std::fs::write(&from, mp4).unwrap();
    let mut remux = Command::new(encoder());
    remux.args(["-v", "error", "-i"]).arg(&from);
    let made = remux.args(["-c", "copy"]).arg(&to).status();
    assert!(made.unwrap().success());
    std::fs::read(to).unwrap()
}

/// An ffmpeg that starts quickly, where there is one.
#[must_use]
pub fn encoder() -> PathBuf {
    let debian = Path::new("/usr/bin/ffmpeg");
    if debian.exists() {
        debian.to_owned()
    } else {
        crate::stack::ffmpeg().path
    }
}
