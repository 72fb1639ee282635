//! How frames are held: what ffmpeg itself does to the first one, and what later ones say.

use super::frames::PlainDecode;
use super::raster::{Raster, Turn};
use std::path::Path;
use std::process::{Command, Stdio};

/// How each frame is to be held.
#[derive(Debug, Clone)]
pub struct Turning {
    turns: Vec<Turn>,
}

impl Turning {
    /// The first frame's: found by trying, so that mirrors are seen as well. A later one's: as
    /// its side data say, which hold until others come (ISO/IEC 14496-10, D.2.26).
    #[must_use]
    pub fn of(ffmpeg: &Path, file: &Path, decode: &PlainDecode) -> Self {
        let said = |n: usize| decode.frames[n].rotation_degrees;
        let at_first = said(0);
        let first = match at_first {
            // ffmpeg tilts it; players show it as it is.
            Some(degrees) if degrees % 90.0 != 0.0 => Turn::NONE,
            _ => first_turn(ffmpeg, file, decode.stream),
        };
        let mut now = first;
        let turns = (0..decode.frames.len()).map(|number| {
            match said(number) {
                Some(degrees) if Some(degrees) == at_first => now = first,
                Some(degrees) => now = Turn::anticlockwise(degrees),
                None => {}
            }
            now
        });
        Self {
            turns: turns.collect(),
        }
    }

    /// Of a frame.
    #[must_use]
    pub fn of_frame(&self, frame: usize) -> Turn {
        self.turns[frame]
    }
}

/// What turns the first frame as decoded into the one as shown.
fn first_turn(ffmpeg: &Path, file: &Path, stream: usize) -> Turn {
    let stored = first_frame(ffmpeg, file, stream, &["-noautorotate"]);
    let shown = first_frame(ffmpeg, file, stream, &[]);
    let (Some(stored), Some(shown)) = (stored, shown) else {
        return Turn::NONE;
    };
    // Not always the same to the bit: ffmpeg dithers deeper formats by place.
    let far = |turn: &Turn| {
        let turned = stored.turned(*turn);
        let same_size = (turned.width, turned.height) == (shown.width, shown.height);
        same_size.then(|| difference(&turned, &shown))
    };
    let turns = Turn::all().into_iter();
    let fitting = turns.filter_map(|turn| Some((turn, far(&turn)?)));
    let nearest = fitting.min_by_key(|(_, far)| *far);
    nearest.map_or(Turn::NONE, |(turn, _)| turn)
}

fn difference(one: &Raster, two: &Raster) -> u64 {
    let pairs = one.bytes().iter().zip(two.bytes());
    pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
}

/// As PNM, which says its size.
fn first_frame(ffmpeg: &Path, file: &Path, stream: usize, how: &[&str]) -> Option<Raster> {
    let output = Command::new("timeout")
        .arg("120")
        .arg(ffmpeg)
        .args(["-nostdin", "-loglevel", "quiet", "-threads", "1"])
        .args(how)
        .arg("-i")
        .arg(file)
        .args(["-map", &format!("0:{stream}"), "-frames:v", "1"])
        .args([
            "-c:v",
            "pgm",
            "-pix_fmt",
            "gray",
            "-f",
            "image2pipe",
            "pipe:1",
        ])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    read_pgm(&output.stdout)
}

fn read_pgm(bytes: &[u8]) -> Option<Raster> {
    let mut lines = bytes.splitn(4, |&byte| byte == b'\n');
    let (_kind, size, _most) = (lines.next()?, lines.next()?, lines.next()?);
    let grey = lines.next()?;
    let (width, height) = std::str::from_utf8(size).ok()?.split_once(' ')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    let mut raster = Raster::black(width, height);
    for (nth, &level) in grey.get(..width * height)?.iter().enumerate() {
        raster.set(nth % width, nth / width, [level; 3]);
    }
    Some(raster)
}
