//! A part of a frame is the same part of its picture, wherever it begins.

use crate::colour_patches::{encode, planes};
use colour::{
    FrameColour, FrameConversion, FrameCrop, PixelLayout, SampleStorage, picture_filters,
};
use decoder::Ffmpeg;
use plan::Size;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::ffmpegs;

const WIDTH: usize = 96;
const HEIGHT: usize = 64;
const WHOLE: Size = Size {
    width: WIDTH as u32,
    height: HEIGHT as u32,
};
const BT601: FrameColour = FrameColour {
    full_range: Some(false),
    primaries: 6,
    transfer: 6,
    matrix: 6,
};

/// Colours that change from pixel to pixel: one that is a pixel off shows.
fn clip(folder: &Path, chroma: &str) -> PathBuf {
    let path = folder.join("ramp.mkv");
    let raw = planes(chroma, 8, (WIDTH, HEIGHT), |plane, x, y, (w, h)| {
        let (x, y) = (x * WIDTH / w, y * HEIGHT / h);
        match plane {
            0 => 60 + x + y / 2,
            1 => 40 + 5 * (x + y) / 4,
            _ => 220 - 3 * x / 2,
        }
        .try_into()
        .unwrap()
    });
    let format = format!("yuv{chroma}p");
    let own = (WIDTH, HEIGHT);
    encode(&ffmpegs()[0], &format, own, "null", "ffv1", &raw, &path);
    path
}

fn picture(ffmpeg: &Ffmpeg, clip: &Path, shape: Size, crop: Option<FrameCrop>) -> Vec<u8> {
    let filters = picture_filters(&FrameConversion {
        shape,
        colour: &BT601,
        storage: SampleStorage {
            bits: 8,
            ..SampleStorage::default()
        },
        interlaced: false,
        crop,
        size: shape,
        layout: PixelLayout::Rgb24,
    });
    let mut command = Command::new(&ffmpeg.path);
    command
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(clip);
    command.args(["-vf", &filters.chain, "-frames:v", "1", "-f", "rawvideo"]);
    command.args(["-pix_fmt", filters.pixel_format, "pipe:1"]);
    let raw = command.output().unwrap().stdout;
    assert_eq!(raw.len(), filters.bytes, "{} with {ffmpeg}", filters.chain);
    filters.finish(raw)
}

#[test]
fn a_crop_at_an_odd_place_moves_no_colour() {
    for chroma in ["420", "422", "444"] {
        let folder = tempfile::tempdir().unwrap();
        let clip = clip(folder.path(), chroma);
        for ffmpeg in &ffmpegs() {
            let whole = picture(ffmpeg, &clip, WHOLE, None);
            for (left, top) in [(0, 0), (16, 8), (2, 6), (1, 0), (0, 1), (7, 5)] {
                let decoded = WHOLE;
                let crop = FrameCrop { decoded, left, top };
                for (width, height) in [(64, 48), (61, 47)] {
                    let part = picture(ffmpeg, &clip, Size { width, height }, Some(crop));
                    let row = |y: usize| {
                        let at = 3 * ((top as usize + y) * WIDTH + left as usize);
                        &whole[at..at + 3 * width as usize]
                    };
                    let expected: Vec<u8> = (0..height as usize).flat_map(row).copied().collect();
                    // At the edge, interpolation ends earlier than in the whole.
                    let off = part.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b));
                    let most = off.max().unwrap();
                    assert!(
                        most <= 3,
                        "{most} for {width}x{height} at {left},{top} of {chroma} with {ffmpeg}"
                    );
                }
            }
        }
    }
}
