//! One picture at the end of a long group of large pictures, of which hardly any may wait until it is
//! known whether they are needed.

use decoder::Ffmpeg;
use media::Video;
use plan::{Limits, Size};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::clips::ffmpegs;
use support::plain::Plain;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

/// 60 s, of which no picture but the first can begin anything.
const FRAMES: usize = 120;

/// Of 2.4 MB that the group has.
const HELD_BYTES: u64 = 50_000;

/// What the program may hold at most: more than one picture of this size, and less than three.
const MOST_KB: u64 = 64 << 10;

const SIZE: Size = Size {
    width: 64,
    height: 36,
};

/// AV1 of 3840x2160, of which few pictures refer to few others. Made once.
fn clip(ffmpeg: &Ffmpeg) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clips");
    let path = folder.join("long-group.mp4");
    if !path.exists() {
        fs::create_dir_all(&folder).unwrap();
        let made = tempfile::tempdir_in(&folder).unwrap();
        let part = made.path().join("a.mp4");
        let mut command = Command::new(&ffmpeg.path);
        // The encoder is loud.
        command.env("SVT_LOG", "1");
        command.args(["-nostdin", "-v", "error", "-f", "lavfi", "-i"]);
        command.arg(format!(
            "testsrc2=size=3840x2160:rate=2:duration={}",
            FRAMES / 2
        ));
        command.args(["-pix_fmt", "yuv420p", "-c:v", "libsvtav1", "-preset", "12"]);
        command.args(["-crf", "50", "-g", "500"]).arg(&part);
        assert!(command.status().unwrap().success());
        fs::rename(part, &path).unwrap();
    }
    path
}

/// Of what waits too long it is not known whether it is needed. All that it needs is decoded with it,
/// or the decoder would complain, and the picture would be marked.
#[test]
fn a_picture_at_the_end_of_a_long_group_is_right_however_little_may_wait() {
    for ffmpeg in ffmpegs() {
        let (clip, version) = (clip(&ffmpeg), &ffmpeg.version);
        let taken = last(&ffmpeg, &clip, Limits::default().held_bytes);
        let frames = plainly(&ffmpeg, &clip);
        assert_eq!(frames.len(), FRAMES);
        let nearest = (0..FRAMES).min_by_key(|&frame| distance(&frames[frame], &taken));
        assert_eq!(nearest, Some(FRAMES - 1), "{version}");
        for held_bytes in [HELD_BYTES, 1] {
            let bound = last(&ffmpeg, &clip, held_bytes);
            assert!(bound == taken, "{version}, {held_bytes}");
        }
    }
}

/// The last picture, taken alone.
fn last(ffmpeg: &Ffmpeg, clip: &Path, held_bytes: u64) -> Vec<u8> {
    let limits = Limits {
        held_bytes,
        ..Limits::default()
    };
    let video = Video::open(ffmpeg, clip, &limits).unwrap();
    let frames = video.timeline().frames();
    assert_eq!(frames.iter().filter(|frame| frame.sync).count(), 1);
    let mut taken = Vec::new();
    let missing = video.extract(ffmpeg, &[frames.len() - 1], SIZE, &limits, &mut |picture| {
        assert!(!picture.damaged);
        taken = picture.pixels;
        Ok(())
    });
    assert!(missing.unwrap().is_empty());
    taken
}

fn plainly(ffmpeg: &Ffmpeg, clip: &Path) -> Vec<Vec<u8>> {
    let plain = Plain {
        ffmpeg,
        input: vec!["-threads", "1"],
        size: SIZE,
        scaler: "flags=area+accurate_rnd+full_chroma_int",
        most: FRAMES,
    };
    plain.frames(clip)
}

/// Colours differ a little, since theirs are converted otherwise.
fn distance(one: &[u8], other: &[u8]) -> u64 {
    let pairs = one.iter().zip(other);
    pairs
        .map(|(one, other)| u64::from(one.abs_diff(*other)))
        .sum()
}

#[test]
fn what_waits_takes_no_more_memory_than_is_said() {
    let ffmpeg = &ffmpegs()[0];
    let out = tempfile::tempdir().unwrap();
    let mut program = Command::new(PROGRAM)
        .args(["snapshot", "--at", "59900", "--limit"])
        .arg(format!("held-bytes={HELD_BYTES}"))
        .args(["--width", "320", "--ffmpeg"])
        .arg(&ffmpeg.path)
        .arg("--out")
        .arg(out.path().join("last.jpg"))
        .arg(clip(ffmpeg))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak_kb = 0;
    let status = loop {
        peak_kb = peak_kb.max(held_kb(program.id()));
        if let Some(status) = program.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success());
    assert!((1..MOST_KB).contains(&peak_kb), "{peak_kb} KB");
}

/// The most that a process has held so far.
fn held_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kb.unwrap_or(0)
}
