//! Colours that change on the way: each half looks as it does in a file of its own.

use super::check::program;
use super::make::{PIECE_FRAMES, Workshop, at};
use crate::colour_patches::{Rgb, SIDE, Stored, encode, planes, seen};
use plan::Size;
use std::fs;
use std::path::{Path, PathBuf};
use support::clips::ffmpegs;
use support::judge::program::ask;
use support::judge::raster::Raster;

const SIZE: (usize, usize) = (128, 128);

/// Where matrices and ranges differ most, and the greys, where nothing may.
const PATCHES: [Rgb; SIDE * SIDE] = [
    [0.0, 0.0, 0.0],
    [0.25, 0.25, 0.25],
    [0.75, 0.75, 0.75],
    [1.0, 1.0, 1.0],
    [0.8, 0.1, 0.1],
    [0.1, 0.8, 0.1],
    [0.1, 0.1, 0.8],
    [0.8, 0.8, 0.1],
    [0.1, 0.8, 0.8],
    [0.8, 0.1, 0.8],
    [0.6, 0.4, 0.3],
    [0.3, 0.5, 0.3],
    [0.2, 0.3, 0.5],
    [0.9, 0.6, 0.5],
    [0.4, 0.2, 0.1],
    [0.1, 0.3, 0.2],
];

const BT709: &str = ":colorspace=bt709:color_primaries=bt709:color_trc=bt709";
const BT601: &str = ":colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m";
const PQ: &str = ":colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084";
/// Two JPEGs of one colour, with other quantisation beside it.
const TOLERANCE: f64 = 3.0;

fn stored(space: &'static str, tags: &'static str, full_range: bool) -> Stored {
    Stored {
        full_range,
        encoder: "libx264 -qp 0 -preset ultrafast",
        extension: "ts",
        size: SIZE,
        ..Stored::h264(space, Some(tags))
    }
}

/// One half as a transport stream that begins at a frame.
fn half(workshop: &Workshop, stored: &Stored, first: u16) -> PathBuf {
    let numbers: Vec<[u16; 3]> = PATCHES.iter().map(|&rgb| stored.numbers(rgb)).collect();
    let raw = planes(stored.chroma, stored.bits, SIZE, |plane, x, y, (w, h)| {
        numbers[y * SIDE / h * SIDE + x * SIDE / w][plane]
    });
    let range = if stored.full_range { "pc" } else { "tv" };
    let filters = format!("setparams=range={range}{}", stored.tags.unwrap());
    let path = workshop.path(&format!("half-{first}.ts"));
    // From 1 s on: frames that are decoded before they are shown have earlier times.
    let offset = 1.0 + at(first) as f64 / 1000.0;
    let encoder = format!(
        "{} -muxdelay 0 -muxpreload 0 -output_ts_offset {offset}",
        stored.encoder
    );
    let format = if stored.bits == 8 {
        "yuv420p"
    } else {
        "yuv420p10le"
    };
    let raw = raw.repeat(PIECE_FRAMES.into());
    encode(&ffmpegs()[0], format, SIZE, &filters, &encoder, &raw, &path);
    path
}

fn patches(ffmpeg: &Path, clip: &Path, at_ms: u64) -> Option<Vec<[f64; 3]>> {
    let answer = ask(&program(), ffmpeg, clip, &[at_ms], &[]);
    let raster = Raster::of_jpeg(&answer.at(at_ms)?.bytes).ok()?;
    let size = Size {
        width: raster.width as u32,
        height: raster.height as u32,
    };
    Some(seen(raster.bytes(), size))
}

/// The largest difference, where there is a picture at all.
fn error(one: Option<&Vec<[f64; 3]>>, two: Option<&Vec<[f64; 3]>>) -> f64 {
    match (one, two) {
        (Some(one), Some(two)) => crate::colour_patches::error(one, two),
        _ => f64::INFINITY,
    }
}

fn assert_halves(halves: &[Stored; 2]) {
    let mut wrong = Vec::new();
    let workshop = Workshop::open();
    let pieces = [
        half(&workshop, &halves[0], 0),
        half(&workshop, &halves[1], PIECE_FRAMES),
    ];
    let joined = workshop.path("joined.ts");
    let bytes = pieces.clone().map(|piece| fs::read(piece).unwrap());
    fs::write(&joined, bytes.concat()).unwrap();
    for extension in ["ts", "mkv", "mp4"] {
        let clip = match extension {
            "ts" => joined.clone(),
            _ => workshop.inside(&joined, &format!("clip.{extension}")),
        };
        for ffmpeg in ffmpegs() {
            for nth in 0..2 {
                let own = patches(&ffmpeg.path, &pieces[nth], at(3));
                let here = patches(&ffmpeg.path, &clip, at(3 + PIECE_FRAMES * nth as u16));
                let error = error(own.as_ref(), here.as_ref());
                if error > TOLERANCE {
                    let version = &ffmpeg.version;
                    wrong.push(format!(
                        "{extension}, {version}, half {nth}: off by {error:.1}"
                    ));
                }
                wrong.extend(meant(&halves[nth], here.as_ref()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Against the colours that were painted, where the range is standard.
fn meant(stored: &Stored, seen: Option<&Vec<[f64; 3]>>) -> Option<String> {
    if stored.bits > 8 {
        return None;
    }
    let meant = PATCHES.iter().map(|&rgb| stored.meant(stored.numbers(rgb)));
    let meant: Vec<[f64; 3]> = meant.map(|rgb| rgb.map(|v| v * 255.0)).collect();
    let error = error(seen, Some(&meant));
    // JPEG beside the conversion.
    (error > TOLERANCE + 1.0)
        .then(|| format!("{}: off what was painted by {error:.1}", stored.space))
}

#[test]
fn the_matrix_changes_from_709_to_601() {
    assert_halves(&[
        stored("bt709", BT709, false),
        stored("smpte170m", BT601, false),
    ]);
}

#[test]
fn the_range_changes_from_limited_to_full() {
    assert_halves(&[stored("bt709", BT709, false), stored("bt709", BT709, true)]);
}

#[test]
fn the_range_changes_from_full_to_limited() {
    assert_halves(&[stored("bt709", BT709, true), stored("bt709", BT709, false)]);
}

#[test]
fn standard_range_changes_to_pq() {
    let pq = Stored {
        bits: 10,
        ..stored("bt2020nc", PQ, false)
    };
    assert_halves(&[stored("bt709", BT709, false), pq]);
}

#[test]
fn pq_changes_to_standard_range() {
    let pq = Stored {
        bits: 10,
        ..stored("bt2020nc", PQ, false)
    };
    assert_halves(&[pq, stored("bt709", BT709, false)]);
}
