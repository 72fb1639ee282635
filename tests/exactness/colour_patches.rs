//! Flat patches of known colours, stored as a standard says and not as any converter would.

use decoder::Ffmpeg;
use media::Video;
use plan::Limits;
use plan::Size;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Patches in a row, and rows.
pub(crate) const SIDE: usize = 4;

/// Red, green and blue from 0 to 1.
pub(crate) type Rgb = [f64; 3];

/// The parts of red and blue in luma: ITU-T H.273, table 4.
pub(crate) fn red_and_blue(space: &str) -> (f64, f64) {
    match space {
        "bt709" => (0.2126, 0.0722),
        "smpte170m" | "bt470bg" => (0.299, 0.114),
        "bt2020nc" => (0.2627, 0.0593),
        other => panic!("no matrix {other}"),
    }
}

/// How a clip stores colours.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    /// The matrix; `gbr` is none at all.
    pub(crate) space: &'static str,
    pub(crate) full_range: bool,
    /// `420`, `422` or `444`.
    pub(crate) chroma: &'static str,
    pub(crate) bits: u32,
    /// `setparams` beyond the range; none says nothing at all.
    pub(crate) tags: Option<&'static str>,
    /// Encoder with its options, and the extension of the file.
    pub(crate) encoder: &'static str,
    pub(crate) extension: &'static str,
    pub(crate) size: (usize, usize),
}

impl Stored {
    /// Lossless H.264 in MP4.
    pub(crate) fn h264(space: &'static str, tags: Option<&'static str>) -> Self {
        Self {
            space,
            full_range: false,
            chroma: "420",
            bits: 8,
            tags,
            encoder: "libx264 -qp 0 -preset ultrafast",
            extension: "mp4",
            size: (64, 64),
        }
    }

    fn pixel_format(&self) -> String {
        let depth = match self.bits {
            8 => String::new(),
            bits => format!("{bits}le"),
        };
        match self.space {
            "gbr" => format!("gbrp{depth}"),
            _ => format!("yuv{}p{depth}", self.chroma),
        }
    }

    /// The numbers stored for a colour, in the order of the planes: ITU-T H.273, 8.3.
    pub(crate) fn numbers(&self, [r, g, b]: Rgb) -> [u16; 3] {
        let top = f64::from((1u32 << self.bits) - 1);
        if self.space == "gbr" {
            return [g, b, r].map(|v| (v * top).round() as u16);
        }
        let (kr, kb) = red_and_blue(self.space);
        let y = kr * r + (1.0 - kr - kb) * g + kb * b;
        let (u, v) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
        let unit = f64::from(1u32 << (self.bits - 8));
        let [y, u, v] = if self.full_range {
            [y * top, u * top + 128.0 * unit, v * top + 128.0 * unit]
        } else {
            let chroma = |v: f64| (224.0 * v + 128.0) * unit;
            [(219.0 * y + 16.0) * unit, chroma(u), chroma(v)]
        };
        [y, u, v].map(|v| v.round().clamp(0.0, top) as u16)
    }

    /// The colour that stored numbers stand for.
    pub(crate) fn meant(&self, [y, u, v]: [u16; 3]) -> Rgb {
        let top = f64::from((1u32 << self.bits) - 1);
        let (y, u, v) = (f64::from(y), f64::from(u), f64::from(v));
        if self.space == "gbr" {
            return [v, y, u].map(|v| v / top);
        }
        let (kr, kb) = red_and_blue(self.space);
        let unit = f64::from(1u32 << (self.bits - 8));
        let (y, u, v) = if self.full_range {
            (y / top, (u - 128.0 * unit) / top, (v - 128.0 * unit) / top)
        } else {
            let chroma = |v: f64| (v / unit - 128.0) / 224.0;
            ((y / unit - 16.0) / 219.0, chroma(u), chroma(v))
        };
        let (r, b) = (y + 2.0 * (1.0 - kr) * v, y + 2.0 * (1.0 - kb) * u);
        [r, (y - kr * r - kb * b) / (1.0 - kr - kb), b].map(|v| v.clamp(0.0, 1.0))
    }

    /// A clip of one frame.
    pub(crate) fn clip(&self, ffmpeg: &Ffmpeg, folder: &Path, patches: &[Rgb]) -> PathBuf {
        assert_eq!(patches.len(), SIDE * SIDE);
        let numbers: Vec<[u16; 3]> = patches.iter().map(|&rgb| self.numbers(rgb)).collect();
        let (width, height) = self.size;
        let paint = |plane: usize, x: usize, y: usize, (w, h): (usize, usize)| {
            numbers[y * SIDE / h * SIDE + x * SIDE / w][plane]
        };
        let raw = planes(self.chroma, self.bits, (width, height), paint);
        let path = folder.join(format!("clip.{}", self.extension));
        let range = if self.full_range { "pc" } else { "tv" };
        let filters = match self.tags {
            Some(tags) => format!("setparams=range={range}{tags}"),
            None => "null".to_owned(),
        };
        encode(
            ffmpeg,
            &self.pixel_format(),
            self.size,
            &filters,
            self.encoder,
            &raw,
            &path,
        );
        path
    }
}

/// Planes one after the other; `paint` gives the number of a plane at x, y of its own size.
pub(crate) fn planes(
    chroma: &str,
    bits: u32,
    (width, height): (usize, usize),
    paint: impl Fn(usize, usize, usize, (usize, usize)) -> u16,
) -> Vec<u8> {
    let small = match chroma {
        "420" => (width / 2, height / 2),
        "422" => (width / 2, height),
        _ => (width, height),
    };
    let mut raw = Vec::new();
    for (plane, (w, h)) in [(width, height), small, small].into_iter().enumerate() {
        for at in 0..w * h {
            let number = paint(plane, at % w, at / w, (w, h)).to_le_bytes();
            raw.extend_from_slice(if bits == 8 { &number[..1] } else { &number });
        }
    }
    raw
}

/// Encodes raw frames as they are.
pub(crate) fn encode(
    ffmpeg: &Ffmpeg,
    format: &str,
    (width, height): (usize, usize),
    filters: &str,
    encoder: &str,
    raw: &[u8],
    out: &Path,
) {
    let mut child = Command::new(&ffmpeg.path)
        .args(["-hide_banner", "-loglevel", "error", "-y"])
        .args(["-f", "rawvideo", "-pix_fmt", format])
        .args([
            "-video_size",
            &format!("{width}x{height}"),
            "-framerate",
            "25",
        ])
        .args(["-i", "pipe:0", "-vf", filters, "-c:v"])
        .args(encoder.split_whitespace())
        .arg(out)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    assert!(child.wait().unwrap().success(), "{encoder} of {format}");
}

/// The pictures of some frames.
pub(crate) fn pictures(ffmpeg: &Ffmpeg, clip: &Path, frames: &[usize], size: Size) -> Vec<Vec<u8>> {
    let video = Video::open(ffmpeg, clip, &Limits::default()).unwrap();
    extract(ffmpeg, &video, frames, size)
}

/// The pictures of some frames of an opened video.
pub(crate) fn extract(
    ffmpeg: &Ffmpeg,
    video: &Video,
    frames: &[usize],
    size: Size,
) -> Vec<Vec<u8>> {
    let mut pictures = Vec::new();
    let missing = video.extract(ffmpeg, frames, size, &Limits::default(), &mut |picture| {
        pictures.push(picture.pixels);
        Ok(())
    });
    assert_eq!(missing.unwrap(), [] as [usize; 0]);
    pictures
}

/// The mean of the middle of each patch, from 0 to 255.
pub(crate) fn seen(picture: &[u8], size: Size) -> Vec<[f64; 3]> {
    let (width, height) = (size.width as usize, size.height as usize);
    let (w, h) = (width / SIDE, height / SIDE);
    let patch = |nth: usize| {
        let (left, top) = (nth % SIDE * w, nth / SIDE * h);
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for y in top + h / 4..top + h - h / 4 {
            for x in left + w / 4..left + w - w / 4 {
                let at = 3 * (y * width + x);
                (0..3).for_each(|c| sum[c] += f64::from(picture[at + c]));
                count += 1.0;
            }
        }
        sum.map(|sum| sum / count)
    };
    (0..SIDE * SIDE).map(patch).collect()
}

/// The largest difference of any component of any patch.
pub(crate) fn error(seen: &[[f64; 3]], expected: &[[f64; 3]]) -> f64 {
    let all = seen.iter().flatten().zip(expected.iter().flatten());
    all.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
