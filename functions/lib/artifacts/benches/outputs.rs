//! What a picture costs from the decoded frame to JPEG bytes, and what it keeps: one row for each
//! way and size. Run with `cargo bench -p artifacts --bench outputs`; nothing is asserted.
//!
//! The frame is one of `OUTPUTS_VIDEO` (any video), else a fractal. `OUTPUTS_FFMPEG` names the
//! ffmpeg, else the one in PATH is taken. CPU is that of this process and of ffmpeg together,
//! less what ffmpeg needs to read the frames and throw them away.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout
)]

mod likeness;

use artifacts::{Quality, jpeg};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage};
use likeness::ssim;
use plan::Size;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Of the larger sizes; small pictures are repeated more often.
const PIXELS: u64 = 60 * 1920 * 1080;

/// Clock ticks of `/proc`, always 100 a second.
const TICK_MS: f64 = 10.0;

/// A way from frames to JPEG.
enum Way {
    /// Raw RGB through a pipe, encoded here.
    Here(fn(&[u8], Size, u8) -> Vec<u8>, u8),
    /// Planes of 16 bits through a pipe, cut to 8 and encoded here.
    Planes(u8),
    /// Motion JPEG through a pipe, with `-q:v`.
    Ffmpeg(&'static str),
    /// Raw RGB through a pipe, and no more.
    Raw,
}

fn ours(rgb: &[u8], size: Size, quality: u8) -> Vec<u8> {
    jpeg::encode(rgb, size, Quality::new(quality).unwrap()).unwrap()
}

fn ours_of_planes(planes: &[u8], size: Size, quality: u8) -> Vec<u8> {
    let high: Vec<u8> = planes.chunks_exact(2).map(|number| number[1]).collect();
    jpeg::encode_planes(&high, size, Quality::new(quality).unwrap()).unwrap()
}

fn image_crate(rgb: &[u8], size: Size, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality)
        .encode(rgb, size.width, size.height, ExtendedColorType::Rgb8)
        .unwrap();
    out
}

fn main() {
    println!("| size | way | CPU ms | KB | SSIM | PSNR dB |\n|---|---|---|---|---|---|");
    for (width, height) in [(1920, 1080), (1280, 720), (640, 360), (160, 90)] {
        measure(Size { width, height });
    }
}

fn measure(size: Size) {
    let folder = tempfile::tempdir().unwrap();
    let count = (PIXELS / size.pixels()).min(2000);
    let frame = make_frame(folder.path(), size);
    let bench = Bench { frame, size, count };
    let original = bench.run(&Way::Raw);
    let (idle, ()) = cpu_ms(|| bench.discard());
    let ways = [
        ("rgb24 pipe alone", Way::Raw),
        ("planes + jpeg-encoder q90", Way::Planes(90)),
        ("rgb24 + jpeg-encoder q85", Way::Here(ours, 85)),
        ("rgb24 + jpeg-encoder q90", Way::Here(ours, 90)),
        ("rgb24 + jpeg-encoder q95", Way::Here(ours, 95)),
        ("rgb24 + image q90 (4:4:4)", Way::Here(image_crate, 90)),
        ("ffmpeg mjpeg -q:v 2", Way::Ffmpeg("2")),
        ("ffmpeg mjpeg -q:v 3", Way::Ffmpeg("3")),
    ];
    for (name, way) in ways {
        let (cpu, last) = cpu_ms(|| bench.run(&way));
        let cpu = (cpu - idle) / count as f64;
        let (width, height) = (size.width, size.height);
        if matches!(way, Way::Raw) {
            println!(
                "| {width}x{height} | {name} | {cpu:.2} | {} | | |",
                last.len() / 1000
            );
            continue;
        }
        let decoded = image::load_from_memory(&last).unwrap().to_rgb8();
        let ssim = ssim(&original, &decoded);
        let psnr = psnr(&original, &decoded);
        let kb = last.len() as f64 / 1000.0;
        println!("| {width}x{height} | {name} | {cpu:.2} | {kb:.1} | {ssim:.4} | {psnr:.1} |");
    }
}

struct Bench {
    /// Raw 4:2:0 of the size, with matrix and range of a JPEG: no way has to change them.
    frame: PathBuf,
    size: Size,
    count: u64,
}

fn ffmpeg() -> Command {
    let path = std::env::var_os("OUTPUTS_FFMPEG").unwrap_or_else(|| "ffmpeg".into());
    let mut command = Command::new(path);
    command.args(["-nostdin", "-loglevel", "error", "-y", "-threads", "1"]);
    command.stdin(Stdio::null());
    command
}

fn make_frame(folder: &Path, Size { width, height }: Size) -> PathBuf {
    let out = folder.join("frame.yuv");
    let mut command = ffmpeg();
    match std::env::var_os("OUTPUTS_VIDEO") {
        Some(video) => command.arg("-i").arg(video),
        None => command.args(["-f", "lavfi", "-i", "mandelbrot=size=1920x1080"]),
    };
    let chain = format!(
        "crop='min(iw,ih*16/9)':'min(ih,iw*9/16)',scale={width}:{height}:\
         out_color_matrix=bt601:out_range=pc,format=yuv420p"
    );
    let made = command.args(["-vf", &chain, "-frames:v", "1"]);
    assert!(
        made.args(["-f", "rawvideo"])
            .arg(&out)
            .status()
            .unwrap()
            .success()
    );
    out
}

impl Bench {
    fn source(&self) -> Command {
        let mut command = ffmpeg();
        let size = format!("{}x{}", self.size.width, self.size.height);
        command
            .args([
                "-stream_loop",
                "-1",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "yuv420p",
            ])
            .args(["-video_size", &size, "-i"])
            .arg(&self.frame)
            .args(["-frames:v", &self.count.to_string(), "-filter_threads", "1"]);
        command
    }

    /// What reading costs.
    fn discard(&self) {
        let status = self.source().args(["-f", "null", "-"]).status();
        assert!(status.unwrap().success());
    }

    /// Makes all pictures; the bytes of the last.
    fn run(&self, way: &Way) -> Vec<u8> {
        let to_rgb = "scale=in_color_matrix=bt601:in_range=pc:\
            flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24";
        let to_jpeg = "scale=in_color_matrix=bt601:in_range=pc:out_color_matrix=bt601:\
            out_range=pc,format=yuvj420p";
        let to_planes = "scale=in_color_matrix=bt601:in_range=pc:out_color_matrix=bt601:\
            out_range=pc:flags=bicubic+accurate_rnd,format=yuv420p16le";
        let mut command = self.source();
        match way {
            Way::Planes(_) => command.args(["-vf", to_planes, "-f", "rawvideo"]),
            Way::Here(..) | Way::Raw => command.args(["-vf", to_rgb, "-f", "rawvideo"]),
            Way::Ffmpeg(quality) => command
                .args(["-vf", to_jpeg, "-c:v", "mjpeg", "-q:v", quality])
                .args(["-f", "image2pipe"]),
        };
        let mut child = command
            .arg("pipe:1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let last = match way {
            Way::Ffmpeg(_) => last_jpeg(&mut pipe),
            Way::Here(encode, quality) => {
                self.each(&mut pipe, |rgb| encode(rgb, self.size, *quality))
            }
            // As many bytes as RGB: three halves of the pixels, two bytes each.
            Way::Planes(quality) => self.each(&mut pipe, |planes| {
                ours_of_planes(planes, self.size, *quality)
            }),
            Way::Raw => self.each(&mut pipe, <[u8]>::to_vec),
        };
        assert!(child.wait().unwrap().success());
        last
    }

    fn each(&self, pipe: &mut impl Read, mut make: impl FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let mut rgb = vec![0; usize::try_from(self.size.pixels() * 3).unwrap()];
        let mut last = Vec::new();
        for _ in 0..self.count {
            pipe.read_exact(&mut rgb).unwrap();
            last = make(&rgb);
        }
        last
    }
}

/// Markers are nowhere in coded data.
fn last_jpeg(pipe: &mut impl Read) -> Vec<u8> {
    let mut all = Vec::new();
    pipe.read_to_end(&mut all).unwrap();
    let start = all
        .windows(2)
        .rposition(|pair| pair == [0xff, 0xd8])
        .unwrap();
    all.split_off(start)
}

/// User and system time of this process and of the children it has waited for.
fn cpu_ticks() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let times = fields.split(' ').skip(11).take(4);
    times.map(|ticks| ticks.parse::<f64>().unwrap()).sum()
}

/// Of all components.
fn psnr(one: &[u8], two: &RgbImage) -> f64 {
    let pairs = one.iter().zip(two.iter());
    let squares: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * one.len() as f64 / squares.max(1.0)).log10()
}

/// The least CPU time of three runs.
fn cpu_ms<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut timed = || {
        let before = cpu_ticks();
        let result = run();
        ((cpu_ticks() - before) * TICK_MS, result)
    };
    let (mut least, mut result) = timed();
    for _ in 0..2 {
        let (cpu, again) = timed();
        (least, result) = (least.min(cpu), again);
    }
    (least, result)
}
