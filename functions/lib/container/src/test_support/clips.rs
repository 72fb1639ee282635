//! Clips that ffmpeg makes of moving patterns and a tone.

use super::ffmpegs;
use decoder::Ffmpeg;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Four seconds of video, 60 pictures, and a little more of sound.
pub(crate) const SMALL: [&str; 2] = [
    "testsrc=size=160x90:rate=15:duration=4",
    "sine=duration=4.3",
];

/// Pictures that no encoder makes small.
pub(crate) fn noisy(seconds: u32) -> String {
    format!("testsrc2=size=320x240:rate=25:duration={seconds},noise=alls=9:allf=t")
}

/// A clip called `name` of this video and this sound, and the folder that it goes with.
pub(crate) fn made_clip(
    ffmpeg: &Ffmpeg,
    name: &str,
    sources: [&str; 2],
    options: &str,
) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut command = encoder(ffmpeg, sources);
    command.args(options.split_whitespace()).arg(&path);
    assert!(command.status().unwrap().success(), "{name}: {options}");
    (folder, path)
}

/// With its inputs, to be given further options and the output.
fn encoder(ffmpeg: &Ffmpeg, [video, sound]: [&str; 2]) -> Command {
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-loglevel", "error"]);
    command.args(["-f", "lavfi", "-i", video, "-f", "lavfi", "-i", sound]);
    command.args(["-pix_fmt", "yuv420p"]);
    command
}

/// A clip in a folder that goes with it.
pub(crate) struct Made {
    _folder: TempDir,
    pub(crate) path: PathBuf,
}

const H264: &str = "-c:v libx264 -preset ultrafast -bf 2 -g 15 -b_strategy 0 -c:a aac";

impl Made {
    /// The clip `name`, not made yet, and an ffmpeg with its inputs and codecs, to be given
    /// further options and the output.
    pub(crate) fn begin(name: &str) -> (Self, Command) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut command = encoder(&ffmpegs()[0], SMALL);
        command.args(H264.split(' '));
        let made = Self {
            _folder: folder,
            path,
        };
        (made, command)
    }
}
