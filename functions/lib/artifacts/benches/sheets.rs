//! Bytes and processor time of sheets as JPEG, WebP and AVIF, where all look the same. Run with
//! `SHEETS_OF=VIDEO:VIDEO... cargo bench -p artifacts --bench sheets`; nothing is asserted.
//!
//! Of each video one sheet is made, 5x4 cells of 320 px, by `SHEETS_FFMPEG`, else the ffmpeg in PATH.
//! Each encoder has the quality, the least, middle and most of which are printed, at which the SSIM of
//! luma is nearest to 0.98, then to that of a JPEG of some qualities. CPU is the least of several runs; that
//! of AVIF is its encoder's, rav1e at its fastest in that ffmpeg, less what ffmpeg takes without it. Where
//! `SHEETS_AVIF` is not set, it is left out.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod likeness;

use artifacts::{Quality, jpeg};
use image::RgbImage;
use likeness::ssim;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use plan::Size;
use std::io::Write;
use std::process::{Command, Stdio};
use webp::{Decoder, Encoder, WebPConfig};

const GOAL: f64 = 0.98;
const WIDTH: u32 = 1600;
const HEIGHT: u32 = 720;
/// How AV1 from ffmpeg begins.
const IVF: &[u8] = b"DKIF";

/// Pixels: red, green, blue.
type Sheet = (Vec<u8>, Size);

/// From pixels to a file, at a quality.
type Encode = fn(&[u8], Size, u8) -> Vec<u8>;

const ENCODERS: [(&str, Encode); 5] = [
    ("JPEG", |rgb, size, quality| {
        jpeg::encode(rgb, size, Quality::new(quality).unwrap()).unwrap()
    }),
    ("WebP, method 0", |rgb, size, quality| {
        webp_of(rgb, size, quality, 0)
    }),
    ("WebP, method 2", |rgb, size, quality| {
        webp_of(rgb, size, quality, 2)
    }),
    ("WebP, method 4", |rgb, size, quality| {
        webp_of(rgb, size, quality, 4)
    }),
    ("AVIF, rav1e speed 10", avif),
];

fn webp_of(rgb: &[u8], size: Size, quality: u8, method: i32) -> Vec<u8> {
    let mut config = WebPConfig::new().unwrap();
    (config.method, config.quality) = (method, f32::from(quality));
    let encoder = Encoder::from_rgb(rgb, size.width, size.height);
    encoder.encode_advanced(&config).unwrap().to_vec()
}

/// The picture of an AVIF, without its boxes of some 300 bytes.
fn avif(rgb: &[u8], size: Size, quality: u8) -> Vec<u8> {
    let quantizer = (255 - u32::from(quality) * 5 / 2).to_string();
    let options = [
        "-c:v", "librav1e", "-speed", "10", "-qp", &quantizer, "-f", "ivf",
    ];
    through_ffmpeg(&raw(size), &options, rgb)
}

fn raw(size: Size) -> [String; 6] {
    let size = format!("{}x{}", size.width, size.height);
    ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", &size].map(str::to_owned)
}

fn ffmpeg() -> Command {
    let ffmpeg = std::env::var_os("SHEETS_FFMPEG").unwrap_or_else(|| "ffmpeg".into());
    let mut command = Command::new(ffmpeg);
    command.args(["-loglevel", "error", "-threads", "1"]);
    command
}

fn through_ffmpeg(input: &[String], output: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut child = ffmpeg()
        .args(input)
        .args(["-i", "pipe:0", "-pix_fmt", "yuv420p", "-threads", "1"])
        .args(output)
        .arg("pipe:1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(bytes).unwrap());
        child.wait_with_output().unwrap().stdout
    })
}

fn main() {
    let videos = std::env::var("SHEETS_OF").unwrap_or_default();
    let videos: Vec<&str> = videos
        .split(':')
        .filter(|video| !video.is_empty())
        .collect();
    let sheets: Vec<_> = match videos.is_empty() {
        true => (1..=10).map(|n| sheet(&fractal(n))).collect(),
        false => videos.iter().map(|video| sheet(&of_video(video))).collect(),
    };
    println!("| encoder | qualities | SSIM | KB a sheet | bytes | CPU ms a sheet | CPU |");
    println!("|---|---|---|---|---|---|---|");
    let with_avif = std::env::var_os("SHEETS_AVIF").is_some();
    let encoders = ENCODERS.len() - usize::from(!with_avif);
    compare(&sheets, &ENCODERS[..encoders], |_| GOAL);
    for quality in [75, 85, 90, 95] {
        println!("\nAs JPEG of quality {quality}:\n");
        let of_jpeg = |sheet: &Sheet| ssim_at(sheet, ENCODERS[0].1, quality);
        compare(&sheets, &[ENCODERS[0], ENCODERS[2]], of_jpeg);
    }
}

/// A row for each encoder, where each sheet looks as much like the original as `goal` says.
fn compare(sheets: &[Sheet], encoders: &[(&str, Encode)], goal: impl Fn(&Sheet) -> f64) {
    let mut first = None;
    for (name, encode) in encoders {
        let measure = |sheet| measure(sheet, *encode, goal(sheet));
        let all: Vec<_> = sheets.iter().map(measure).collect();
        let mean =
            |value: fn(&Measured) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
        let (kb, ms) = (mean(|m| m.kb), mean(|m| m.cpu_ms));
        let (first_kb, first_ms) = *first.get_or_insert((kb, ms));
        let ends = |of: fn(&Measured) -> f64| {
            let mut values: Vec<_> = all.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            (
                values[0],
                values[values.len() / 2],
                values[values.len() - 1],
            )
        };
        let (low, middle, high) = ends(|m| f64::from(m.quality));
        let (worst, _, best) = ends(|m| m.ssim);
        println!(
            "| {name} | {low}, {middle}, {high} | {worst:.4} to {best:.4} | {kb:.0} | {:.2} | {ms:.1} | {:.2} |",
            kb / first_kb,
            ms / first_ms
        );
    }
}

fn of_video(video: &str) -> Vec<String> {
    ["-i".to_owned(), video.to_owned()].into()
}

fn fractal(number: u32) -> Vec<String> {
    let source = format!(
        "mandelbrot=size=640x360:rate=1:start_scale={}:end_scale=0.001",
        3.0 / f64::from(number)
    );
    [
        "-f".to_owned(),
        "lavfi".to_owned(),
        "-t".to_owned(),
        "100".to_owned(),
        "-i".to_owned(),
        source,
    ]
    .into()
}

/// Pixels of a sheet of the first frames, one in four, that a source gives.
fn sheet(source: &[String]) -> Sheet {
    let chain = format!(
        "select='not(mod(n,4))',crop='min(iw,ih*16/9)':'min(ih,iw*9/16)',scale={}:180,tile=5x4,format=rgb24",
        WIDTH / 5
    );
    let out = ffmpeg()
        .arg("-nostdin")
        .args(source)
        .args(["-vf", &chain, "-frames:v", "1", "-f", "rawvideo", "pipe:1"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{source:?}");
    let size = Size {
        width: WIDTH,
        height: HEIGHT,
    };
    assert_eq!(out.stdout.len() as u64, size.pixels() * 3, "{source:?}");
    (out.stdout, size)
}

struct Measured {
    quality: u8,
    ssim: f64,
    kb: f64,
    cpu_ms: f64,
}

fn ssim_at((rgb, size): &Sheet, encode: Encode, quality: u8) -> f64 {
    ssim(rgb, &decoded(&encode(rgb, *size, quality)))
}

fn measure(sheet: &Sheet, encode: Encode, goal: f64) -> Measured {
    // It rises with the quality.
    let (mut below, mut above) = (1, 100);
    while above - below > 1 {
        let middle = u8::midpoint(below, above);
        match ssim_at(sheet, encode, middle) < goal {
            true => below = middle,
            false => above = middle,
        }
    }
    let away = |quality: &u8| ((ssim_at(sheet, encode, *quality) - goal).abs() * 1e9) as u64;
    let quality = [below, above].into_iter().min_by_key(away).unwrap();
    let (rgb, size) = sheet;
    let time = |run: &dyn Fn() -> Vec<u8>| {
        let times = (0..5).map(|_| {
            let start = cpu_ms();
            for _ in 0..3 {
                std::hint::black_box(run());
            }
            (cpu_ms() - start) / 3.0
        });
        times.min_by(f64::total_cmp).unwrap()
    };
    let made = encode(rgb, *size, quality);
    let idle = match made.starts_with(IVF) {
        true => time(&|| through_ffmpeg(&raw(*size), &["-f", "null"], rgb)),
        false => 0.0,
    };
    Measured {
        quality,
        ssim: ssim_at(sheet, encode, quality),
        kb: made.len() as f64 / 1000.0,
        cpu_ms: time(&|| encode(rgb, *size, quality)) - idle,
    }
}

fn decoded(file: &[u8]) -> RgbImage {
    if file.starts_with(IVF) {
        let rgb = through_ffmpeg(&[], &["-f", "rawvideo", "-pix_fmt", "rgb24"], file);
        return RgbImage::from_raw(WIDTH, HEIGHT, rgb).unwrap();
    }
    if !file.starts_with(b"RIFF") {
        return image::load_from_memory(file).unwrap().to_rgb8();
    }
    let picture = Decoder::new(file).decode().unwrap();
    RgbImage::from_raw(picture.width(), picture.height(), picture.to_vec()).unwrap()
}

/// User and system time of this process and of those that it has waited for.
fn cpu_ms() -> f64 {
    let usages =
        [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(|who| getrusage(who).unwrap());
    let times = usages.map(|usage| (usage.user_time() + usage.system_time()).num_microseconds());
    times.iter().sum::<i64>() as f64 / 1000.0
}
