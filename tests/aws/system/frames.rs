//! Which frame a picture shows: every frame of a file, small, as ffmpeg alone decodes it.

use cloud::clips::encoder;
use std::path::Path;
use std::process::Command;

const WIDTH: usize = 64;
const HEIGHT: usize = 36;
const BYTES: usize = WIDTH * HEIGHT * 3;

/// The frames of a file, in the order they are shown.
pub(crate) struct Frames {
    small: Vec<Vec<u8>>,
    /// When each is shown, microseconds after the first.
    times_us: Vec<u64>,
}

impl Frames {
    pub(crate) fn of(file: &Path) -> Self {
        let pixels = run(
            file,
            &["-vf", &scale(""), "-pix_fmt", "rgb24", "-f", "rawvideo"],
        );
        let small: Vec<_> = pixels.chunks_exact(BYTES).map(<[u8]>::to_vec).collect();
        let times_us = times_us(&run(file, &["-f", "framecrc"]));
        assert_eq!(small.len(), times_us.len());
        Self { small, times_us }
    }

    /// Fails unless `picture` shows the frame that a player shows at `at_ms`: no other frame may
    /// be nearer to it, and pictures of others that look the same are as near.
    pub(crate) fn check(&self, picture: &Path, crop: &str, at_ms: u64) {
        let pixels = run(
            picture,
            &["-vf", &scale(crop), "-pix_fmt", "rgb24", "-f", "rawvideo"],
        );
        let shown = self.times_us.iter().take_while(|&&us| us <= at_ms * 1000);
        let expected = shown.count() - 1;
        let distances: Vec<_> = self
            .small
            .iter()
            .map(|frame| distance(frame, &pixels))
            .collect();
        let nearest = distances.iter().copied().fold(f64::MAX, f64::min);
        let own = distances[expected];
        let place = distances.iter().position(|&distance| distance == nearest);
        assert!(
            own <= nearest + 0.2 && own < 12.0,
            "{} at {at_ms} ms: frame {expected} is {own} away, frame {place:?} {nearest}",
            picture.display()
        );
    }
}

fn scale(crop: &str) -> String {
    let crop = (!crop.is_empty()).then(|| format!("crop={crop},"));
    format!(
        "{}scale={WIDTH}:{HEIGHT}:flags=area",
        crop.unwrap_or_default()
    )
}

/// Mean difference of a byte.
fn distance(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: u64 = one
        .iter()
        .zip(other)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / one.len() as f64
}

fn run(file: &Path, output: &[&str]) -> Vec<u8> {
    let output = Command::new(encoder())
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(["-map", "0:v:0", "-fps_mode", "passthrough"])
        .args(output)
        .arg("-")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", file.display());
    output.stdout
}

/// Of the lines `stream, dts, pts, duration, size, checksum` below `#tb 0: 1/12800`.
fn times_us(framecrc: &[u8]) -> Vec<u64> {
    let text = String::from_utf8_lossy(framecrc);
    let base = text.lines().find_map(|line| line.strip_prefix("#tb 0: "));
    let (num, den) = base.unwrap().split_once('/').unwrap();
    let (num, den): (u64, u64) = (num.parse().unwrap(), den.parse().unwrap());
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let ticks = lines.map(|line| line.split(',').nth(2).unwrap().trim().parse::<i64>());
    let ticks: Vec<_> = ticks.map(Result::unwrap).collect();
    let after = |tick: i64| u64::try_from(tick - ticks[0]).unwrap();
    ticks
        .iter()
        .map(|&tick| after(tick) * num * 1_000_000 / den)
        .collect()
}
