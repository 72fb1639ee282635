//! Numbered clips made of pieces that differ.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::barcode;
use support::clips::ffmpegs;

/// Between frames.
pub(crate) const FRAME_MS: u64 = 40;
/// Of a piece.
pub(crate) const PIECE_FRAMES: u16 = 8;

/// A folder for the clips of a test, which goes with it.
pub(crate) struct Workshop(tempfile::TempDir);

/// Frames of one size, coded in one way.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) size: (usize, usize),
    pub(crate) frames: u16,
    /// Encoder, options, and filters as `-vf`.
    pub(crate) options: String,
}

/// Small and quick, with B-frames.
pub(crate) const H264: &str = "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p";

impl Piece {
    pub(crate) fn new(size: (usize, usize), options: &str) -> Self {
        Self {
            size,
            frames: PIECE_FRAMES,
            options: options.to_owned(),
        }
    }
}

/// Of a transport stream: what is decoded before it is shown needs earlier times than 0.
const FIRST_MS: u64 = 1000;

/// The first whole ms of a frame.
pub(crate) fn at(number: u16) -> u64 {
    u64::from(number) * FRAME_MS
}

fn ffmpeg() -> Command {
    let mut command = Command::new(&ffmpegs()[0].path);
    command
        .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"])
        // The AV1 encoder is loud.
        .env("SVT_LOG", "1")
        .stdin(Stdio::null());
    command
}

fn run(command: &mut Command) {
    let said = command.output().unwrap();
    let words = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{command:?}: {words}");
}

/// The number, on a pattern that tells left from right and top from bottom.
fn paint((width, height): (usize, usize), number: u16) -> Vec<u8> {
    let mut pixels = vec![0; width * height];
    for (at, pixel) in pixels.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        let level = 60 + 70 * x / width + 70 * y / height;
        let moves = (x + 2 * usize::from(number)) * 12 / width % 2;
        *pixel = (level + 20 * moves) as u8;
    }
    barcode::paint(&mut pixels, width, height, number);
    pixels
}

impl Workshop {
    pub(crate) fn open() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A piece as a file of its own; its first frame has this number and is shown at its time.
    pub(crate) fn piece(&self, piece: &Piece, first: u16, name: &str) -> PathBuf {
        let path = self.path(name);
        let (width, height) = piece.size;
        let is_stream = name.ends_with(".ts");
        let offset = format!("{}ms", at(first) + if is_stream { FIRST_MS } else { 0 });
        let mut command = ffmpeg();
        command
            .args(["-f", "rawvideo", "-pix_fmt", "gray", "-framerate", "25"])
            .args(["-video_size", &format!("{width}x{height}"), "-i", "pipe:0"])
            .args(piece.options.split_whitespace())
            .args(["-muxdelay", "0", "-muxpreload", "0"])
            .args(["-output_ts_offset", &offset])
            .arg(&path)
            .stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        for number in first..first + piece.frames {
            pipe.write_all(&paint(piece.size, number)).unwrap();
        }
        drop(pipe);
        assert!(child.wait().unwrap().success(), "{piece:?}");
        path
    }

    /// Pieces one after the other, numbered through, as one transport stream.
    pub(crate) fn transport_stream(&self, pieces: &[Piece], name: &str) -> PathBuf {
        let (mut bytes, mut first) = (Vec::new(), 0);
        for piece in pieces {
            let path = self.piece(piece, first, "piece.ts");
            bytes.extend(fs::read(path).unwrap());
            first += piece.frames;
        }
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The same in another container: headers that change stay inside the stream.
    pub(crate) fn inside(&self, clip: &Path, name: &str) -> PathBuf {
        self.copied(clip, name, "")
    }

    /// Copied without decoding, with further options.
    pub(crate) fn copied(&self, clip: &Path, name: &str, options: &str) -> PathBuf {
        let path = self.path(name);
        let mut command = ffmpeg();
        command.args(["-copyts", "-i"]).arg(clip);
        command
            .args(["-c", "copy"])
            .args(options.split_whitespace());
        run(command.arg(&path));
        path
    }

    /// With other times, by `setts`; in the container first, for that tells the filter's ticks.
    pub(crate) fn retimed(&self, clip: &Path, name: &str, times: &str) -> PathBuf {
        let inside = self.inside(clip, &format!("inside-{name}"));
        self.copied(&inside, name, &format!("-bsf:v setts={times}"))
    }

    /// Pieces one after the other in a container without transport streams' clock.
    pub(crate) fn concatenated(&self, pieces: &[Piece], extension: &str) -> PathBuf {
        let (mut list, mut first) = (String::from("ffconcat version 1.0\n"), 0);
        for (nth, piece) in pieces.iter().enumerate() {
            let name = format!("piece-{nth}.{extension}");
            // Each begins at 0 here: the list says what comes after what.
            let alone = self.piece(piece, first, &format!("late-{name}"));
            self.copied_from_zero(&alone, &name);
            let seconds = at(piece.frames) as f64 / 1000.0;
            list += &format!("file {name}\nduration {seconds}\n");
            first += piece.frames;
        }
        let names = self.path("list.txt");
        fs::write(&names, list).unwrap();
        let path = self.path(&format!("joined.{extension}"));
        let mut command = ffmpeg();
        command
            .args(["-f", "concat", "-safe", "0", "-i"])
            .arg(names);
        run(command.args(["-c", "copy"]).arg(&path));
        path
    }

    fn copied_from_zero(&self, clip: &Path, name: &str) {
        let mut command = ffmpeg();
        command.arg("-i").arg(clip).args(["-c", "copy"]);
        run(command.arg(self.path(name)));
    }
}
