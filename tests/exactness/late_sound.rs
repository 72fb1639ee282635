//! Sound only tells how long a file lasts. A transport stream may announce some that begins late
//! or never, so that nobody knows its parameters: ffmpeg copies no such stream.

use decoder::Ffmpeg;
use media::Video;
use plan::Limits;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::{Recipe, ffmpegs};

const PACKET_BYTES: usize = 188;
/// ffmpeg's muxer gives the video 0x100.
const FIRST_SOUND: u16 = 0x101;

/// Ten seconds of video, with tones that begin and last so many seconds.
fn stream(ffmpeg: &Ffmpeg, out: &Path, codec: &str, tones: &[(u32, u32)]) {
    let video = Recipe::h264("late_sound").inside(".ts", 90_000);
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-loglevel", "error", "-y", "-i"]);
    command.arg(video.clip(&ffmpeg.path));
    for (begin, length) in tones {
        let tone = format!("sine=sample_rate=48000:duration={length}");
        command.args(["-itsoffset", &begin.to_string(), "-f", "lavfi", "-i", &tone]);
    }
    for input in 0..=tones.len() {
        command.args(["-map", &input.to_string()]);
    }
    command.args(["-c:v", "copy", "-c:a"]);
    command.args(codec.split_whitespace()).arg(out);
    assert!(command.status().unwrap().success(), "{codec}");
}

/// The stream at `path` without the packets of one of its streams, whose announcement stays.
fn silence(path: &Path, pid: u16) {
    let bytes = fs::read(path).unwrap();
    let kept = bytes.chunks(PACKET_BYTES).filter(|packet| {
        let number = u16::from_be_bytes([packet[1], packet[2]]) & 0x1fff;
        number != pid
    });
    fs::write(path, kept.flatten().copied().collect::<Vec<u8>>()).unwrap();
}

/// Each kind, and how long it lasts, s.
fn kinds(ffmpeg: &Ffmpeg, folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut kinds = Vec::new();
    let mut add = |codec: &str, tones: &[(u32, u32)], silenced: &[u16], lasts_s| {
        let path = folder.join(format!("{}.ts", kinds.len()));
        stream(ffmpeg, &path, codec, tones);
        silenced.iter().for_each(|&pid| silence(&path, pid));
        kinds.push((path, lasts_s));
    };
    for codec in ["aac", "ac3", "mp2", "aac -mpegts_flags latm"] {
        add(codec, &[(9, 1)], &[], 10);
        add(codec, &[(0, 1)], &[FIRST_SOUND], 10);
    }
    add("aac", &[(0, 8), (9, 4)], &[], 13);
    add("aac", &[(0, 13), (0, 2)], &[FIRST_SOUND + 1], 13);
    add("mp2", &[(0, 2), (0, 13)], &[FIRST_SOUND], 13);
    kinds
}

#[test]
fn sound_that_begins_late_or_never_is_no_reason_to_refuse_a_video() {
    for ffmpeg in &ffmpegs() {
        let folder = tempfile::tempdir().unwrap();
        for (path, lasts_s) in kinds(ffmpeg, folder.path()) {
            let video = Video::open(ffmpeg, &path, &Limits::default());
            let video = video.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(video.timeline().frames().len(), 250);
            let ms = video.timeline().duration_ms();
            // Codecs of sound end at whole frames of theirs.
            let right = lasts_s * 1000 - 50..=lasts_s * 1000 + 100;
            assert!(right.contains(&ms), "{}: {ms} ms", path.display());
        }
    }
}
