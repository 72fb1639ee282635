//! Files of pictures: those that move and that both versions of ffmpeg demux are taken, the others
//! are told for what they are.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::Limits;
use source::{CountingSource, ReadStats};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use support::clips::ffmpegs;
use support::work::Far;

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

/// A build of ffmpeg that knows no pictures took a PNG for sound, and said so. Each of these has a
/// megabyte behind its beginning, all of which ffmpeg would be given.
#[test]
fn what_is_refused_by_its_beginning_is_told_before_ffmpeg_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x02IHDRxxCRCC\0\0\0\x02IDATxxCRCC";
    for (beginning, format) in [
        (&png[..], "a still picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture, or a row of them (JPEG)"),
        (b"8BPS", "a still picture (Photoshop)"),
        (b"#EXTM3U\n", "a playlist (HLS)"),
    ] {
        std::fs::write(&path, [beginning, &[0; 1 << 20]].concat()).unwrap();
        let read = Arc::new(ReadStats::default());
        let source = Arc::new(Far::open(&path).unwrap());
        let counted = Arc::new(CountingSource::new(source, Arc::clone(&read)));
        let opened = Video::open_source(&ffmpegs()[0], counted, &Limits::default());
        assert_eq!(
            opened.unwrap_err().to_string(),
            format!("the file is not a readable video: unsupported container format: {format}")
        );
        assert!(read.bytes() < 4096, "{format}: {}", read.bytes());
    }
}
