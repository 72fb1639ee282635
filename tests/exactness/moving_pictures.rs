//! Files of pictures: those that move and that both versions of ffmpeg demux are taken, the others
//! are told for what they are.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::Limits;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::ffmpegs;

/// 20 frames, or one.
fn made(ffmpeg: &Ffmpeg, folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-loglevel", "error", "-y", "-f", "lavfi"]);
    command.args(["-i", "testsrc2=size=160x120:rate=10:duration=2"]);
    if name.starts_with("still") {
        command.args(["-frames:v", "1"]);
    }
    if name.ends_with(".y4m") {
        command.args(["-pix_fmt", "yuv420p"]);
    }
    if name == "moving.webp" {
        command.args(["-c:v", "libwebp_anim"]);
    }
    if name.ends_with(".avif") {
        let options = "-c:v libaom-av1 -usage realtime -cpu-used 8 -pix_fmt yuv420p";
        command.args(options.split(' '));
    }
    assert!(command.arg(&path).status().unwrap().success(), "{name}");
    path
}

#[test]
fn animated_png_avif_and_y4m_are_videos() {
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    // Newer versions list the first picture of AVIF, which is an item, as a video of its own.
    for name in ["moving.apng", "moving.y4m", "moving.gif", "moving.avif"] {
        let path = made(&ffmpegs[0], folder.path(), name);
        for ffmpeg in &ffmpegs {
            let video = Video::open(ffmpeg, &path, &Limits::default()).unwrap();
            assert_eq!(video.timeline().frames().len(), 20, "{name}");
        }
    }
}

#[test]
fn a_picture_is_refused_as_one() {
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "still.png",
        "still.jpg",
        "still.webp",
        "moving.webp",
        "still.bmp",
    ] {
        let path = made(&ffmpegs[0], folder.path(), name);
        for ffmpeg in &ffmpegs {
            let error = Video::open(ffmpeg, &path, &Limits::default()).unwrap_err();
            assert!(
                matches!(error, MediaError::Unreadable { .. }),
                "{name}: {error}"
            );
            let text = error.to_string();
            assert!(
                text.contains("unsupported container format: a "),
                "{name}: {text}"
            );
            assert!(text.contains("picture"), "{name}: {text}");
        }
    }
}
