//! Raw frames in their own pixel format, each of its own size, as one pipe gives them.

use super::frames::{Frame, PlainDecode, decoding};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

/// What the planes of a format are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planes {
    /// Luma alone.
    Grey,
    /// Luma and two colour differences.
    Yuv,
    /// Green, blue, red.
    Gbr,
}

/// A planar format that holds another one without loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanarFormat {
    /// ffmpeg's name.
    pub name: String,
    /// What they are.
    pub planes: Planes,
    /// Bits of a sample; two bytes each where there are more than 8.
    pub bits: u32,
    /// Chroma has one sample for 2^n columns.
    pub shift_x: u32,
    /// And for 2^n rows.
    pub shift_y: u32,
}

impl PlanarFormat {
    /// The one that holds `format`; none where no such is known.
    #[must_use]
    pub fn holding(format: &str) -> Option<Self> {
        let base = format.trim_end_matches("le").trim_end_matches("be");
        let (planes, family, bits) = match base {
            "nv12" | "nv21" => (Planes::Yuv, "420", 8),
            "p010" => (Planes::Yuv, "420", 10),
            "nv16" | "yuyv422" | "uyvy422" | "yvyu422" => (Planes::Yuv, "422", 8),
            "ya8" | "monow" | "monob" => (Planes::Grey, "", 8),
            "rgb24" | "bgr24" | "rgba" | "bgra" | "argb" | "abgr" | "0rgb" | "rgb0" | "bgr0"
            | "0bgr" | "pal8" | "rgb555" | "rgb565" | "rgb8" | "bgr8" => (Planes::Gbr, "", 8),
            "rgb48" | "bgr48" | "rgba64" | "bgra64" => (Planes::Gbr, "", 16),
            _ => named(base)?,
        };
        Some(Self::new(planes, family, bits, base.starts_with("yuvj")))
    }

    fn new(planes: Planes, family: &str, bits: u32, is_jpeg: bool) -> Self {
        let (shift_x, shift_y) = match family {
            "420" => (1, 1),
            "422" => (1, 0),
            "440" => (0, 1),
            "411" => (2, 0),
            "410" => (2, 2),
            _ => (0, 0),
        };
        let depth = if bits == 8 {
            String::new()
        } else {
            format!("{bits}le")
        };
        let name = match planes {
            Planes::Grey => format!("gray{depth}"),
            Planes::Gbr => format!("gbrp{depth}"),
            Planes::Yuv if is_jpeg => format!("yuvj{family}p"),
            Planes::Yuv => format!("yuv{family}p{depth}"),
        };
        Self {
            name,
            planes,
            bits,
            shift_x,
            shift_y,
        }
    }

    /// Width and height of each plane.
    #[must_use]
    pub fn sizes(&self, width: usize, height: usize) -> Vec<(usize, usize)> {
        let chroma = (
            width.div_ceil(1 << self.shift_x),
            height.div_ceil(1 << self.shift_y),
        );
        match self.planes {
            Planes::Grey => vec![(width, height)],
            Planes::Yuv | Planes::Gbr => vec![(width, height), chroma, chroma],
        }
    }

    /// Bytes of a frame.
    #[must_use]
    pub fn bytes(&self, width: usize, height: usize) -> usize {
        let samples: usize = self.sizes(width, height).iter().map(|(w, h)| w * h).sum();
        samples * self.sample_bytes()
    }

    fn sample_bytes(&self) -> usize {
        if self.bits > 8 { 2 } else { 1 }
    }

    /// The samples of each plane.
    #[must_use]
    pub fn split(&self, frame: &Frame, raw: &[u8]) -> Vec<Vec<u16>> {
        let mut at = 0;
        let mut planes = Vec::new();
        for (width, height) in self.sizes(frame.width, frame.height) {
            let bytes = &raw[at..at + width * height * self.sample_bytes()];
            at += bytes.len();
            planes.push(match self.sample_bytes() {
                1 => bytes.iter().map(|&byte| u16::from(byte)).collect(),
                _ => bytes
                    .chunks_exact(2)
                    .map(|two| u16::from_le_bytes([two[0], two[1]]))
                    .collect(),
            });
        }
        planes
    }
}

/// Formats whose name tells their planes: `yuva422p10`, `gbrp12`, `gray`.
fn named(base: &str) -> Option<(Planes, &str, u32)> {
    let depth = |text: &str| match text {
        "" => Some(8),
        digits => digits.parse().ok().filter(|bits| (8..=16).contains(bits)),
    };
    if let Some(rest) = base.strip_prefix("gray") {
        return Some((Planes::Grey, "", depth(rest)?));
    }
    if let Some(rest) = base.strip_prefix("gbr") {
        let rest = rest.strip_prefix("ap").or(rest.strip_prefix('p'))?;
        return Some((Planes::Gbr, "", depth(rest)?));
    }
    let rest = base.strip_prefix("yuv")?.trim_start_matches(['a', 'j']);
    let (family, rest) = (rest.get(..3)?, rest.get(3..)?.strip_prefix('p')?);
    Some((Planes::Yuv, family, depth(rest)?))
}

/// Since 7.1 ffmpeg brings all frames to the colours of the first, unless none says anything.
const WITHOUT_TAGS: &str =
    "setparams=range=unspecified:color_primaries=unknown:color_trc=unknown:colorspace=unknown";

/// Calls `take` with each frame that is of `format`, by its number.
///
/// # Panics
/// ffmpeg does not start.
pub fn read(
    (ffmpeg, file): (&Path, &Path),
    decode: &PlainDecode,
    format: &PlanarFormat,
    take: &mut dyn FnMut(usize, &[u8]),
) {
    let mut child = decoding(ffmpeg, file, decode.stream)
        .args(["-loglevel", "quiet", "-vf", WITHOUT_TAGS])
        .args(["-f", "rawvideo", "-pix_fmt"])
        .args([&format.name, "pipe:1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("timeout and ffmpeg start");
    let mut pipe = child.stdout.take().expect("its output is piped");
    let mut raw = Vec::new();
    for (number, frame) in decode.frames.iter().enumerate() {
        raw.resize(format.bytes(frame.width, frame.height), 0);
        if pipe.read_exact(&mut raw).is_err() {
            break;
        }
        // Frames of another format were converted by ffmpeg: another run gives them as they are.
        if PlanarFormat::holding(&frame.format).as_ref() == Some(format) {
            take(number, &raw);
        }
    }
    drop(pipe);
    let _ = child.wait();
}
