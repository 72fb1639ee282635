//! Interlaced frames come out whole, each by itself, and progressive ones untouched.

use crate::colour_patches::{encode, extract, pictures, planes};
use decoder::Ffmpeg;
use media::Video;
use plan::Limits;
use plan::Size;
use std::fs;
use std::path::{Path, PathBuf};
use support::clips::ffmpegs;

const WIDTH: usize = 96;
const HEIGHT: usize = 64;
const FRAMES: usize = 12;
const OWN: Size = Size {
    width: WIDTH as u32,
    height: HEIGHT as u32,
};

/// How far the bar goes from one field to the next, px.
const STEP: usize = 4;
const BAR: usize = 16;

/// Where the bar begins in a field.
fn bar_at(field: usize) -> usize {
    (4 + STEP * field) % (WIDTH - 2 * BAR)
}

/// A bright, coloured bar that moves with each field; the upper field, or the lower, is the first.
fn moving_bar(upper_first: bool) -> Vec<u8> {
    let frame = |nth: usize| {
        planes("420", 8, (WIDTH, HEIGHT), |plane, x, y, (w, _)| {
            let is_second = (y % 2 == 1) == upper_first;
            let left = bar_at(2 * nth + usize::from(is_second)) * w / WIDTH;
            let within = (left..left + BAR * w / WIDTH).contains(&x);
            match (plane, within) {
                (0, true) => 180,
                (0, false) => 40,
                (1, true) => 90,
                (_, true) => 180,
                (_, false) => 128,
            }
        })
    };
    (0..FRAMES).flat_map(frame).collect()
}

/// Grey, every other line bright: what a deinterlacer would spoil.
fn stripes() -> Vec<u8> {
    let frame = planes("420", 8, (WIDTH, HEIGHT), |plane, _, y, _| match plane {
        0 if y % 2 == 0 => 200,
        0 => 60,
        _ => 128,
    });
    frame.repeat(FRAMES)
}

fn clip(folder: &Path, name: &str, raw: &[u8], encoder: &str, fields: &str) -> PathBuf {
    let path = folder.join(name);
    let tags = format!("setparams=range=tv:colorspace=smpte170m:field_mode={fields}");
    encode(
        &ffmpegs()[0],
        "yuv420p",
        (WIDTH, HEIGHT),
        &tags,
        encoder,
        raw,
        &path,
    );
    path
}

const INTERLACED: &str = "libx264 -qp 1 -g 6 -bf 2 -flags +ildct+ilme";
const PROGRESSIVE: &str = "libx264 -qp 1 -g 6 -bf 2";
const MPEG2: &str = "mpeg2video -q:v 1 -g 6 -flags +ildct+ilme";

/// How much lines differ from the mean of their neighbours, at most.
fn combing(picture: &[u8]) -> u8 {
    let at = |x: usize, y: usize| picture[3 * (y * WIDTH + x) + 1];
    let inner = (1..HEIGHT - 1).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    inner
        .map(|(x, y)| {
            let mean = u16::midpoint(at(x, y - 1).into(), at(x, y + 1).into());
            u16::from(at(x, y)).abs_diff(mean) as u8
        })
        .max()
        .unwrap()
}

fn all(ffmpeg: &Ffmpeg, clip: &Path) -> Vec<Vec<u8>> {
    pictures(ffmpeg, clip, &(0..FRAMES).collect::<Vec<_>>(), OWN)
}

#[test]
fn a_moving_bar_has_straight_edges_where_the_first_field_puts_them() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name, upper_first, encoder| {
        let order = if upper_first { "tff" } else { "bff" };
        clip(
            folder.path(),
            name,
            &moving_bar(upper_first),
            encoder,
            order,
        )
    };
    let clips = [
        made("upper.mp4", true, INTERLACED),
        made("lower.mp4", false, INTERLACED),
        made("upper.ts", true, MPEG2),
    ];
    for ffmpeg in &ffmpegs() {
        for clip in &clips {
            for (nth, picture) in all(ffmpeg, clip).iter().enumerate() {
                let combing = combing(picture);
                assert!(
                    combing <= 24,
                    "{combing} in frame {nth} of {clip:?} with {ffmpeg}"
                );
                let row = &picture[3 * WIDTH * HEIGHT / 2..][..3 * WIDTH];
                let bright = row.chunks(3).position(|rgb| rgb[0] > 128).unwrap();
                assert!(
                    bright.abs_diff(bar_at(2 * nth)) <= 1,
                    "the bar of frame {nth} is at {bright} with {ffmpeg}"
                );
            }
        }
    }
}

#[test]
fn the_picture_of_a_frame_depends_on_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(
        folder.path(),
        "x264.mp4",
        &moving_bar(true),
        INTERLACED,
        "tff",
    );
    for ffmpeg in &ffmpegs() {
        let together = all(ffmpeg, &clip);
        let video = Video::open(ffmpeg, &clip, &Limits::default()).unwrap();
        for frame in [0, 5, FRAMES - 1] {
            let alone = extract(ffmpeg, &video, &[frame], OWN).remove(0);
            assert!(alone == together[frame], "frame {frame} with {ffmpeg}");
        }
        let some = extract(ffmpeg, &video, &[2, 7], OWN);
        assert!(
            some == [together[2].clone(), together[7].clone()],
            "{ffmpeg}"
        );
    }
}

/// Stripes of 200 and 60 of limited range.
fn has_its_stripes(picture: &[u8]) -> bool {
    let rows = picture.chunks(3 * WIDTH).enumerate();
    rows.flat_map(|(y, row)| row.iter().map(move |&v| (y, v)))
        .all(|(y, v)| v.abs_diff(if y % 2 == 0 { 214 } else { 51 }) <= 3)
}

#[test]
fn progressive_frames_keep_every_line() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(
        folder.path(),
        "stripes.mp4",
        &stripes(),
        PROGRESSIVE,
        "prog",
    );
    for ffmpeg in &ffmpegs() {
        assert!(
            all(ffmpeg, &clip).iter().all(|p| has_its_stripes(p)),
            "{ffmpeg}"
        );
    }
}

/// A stream may go from one to the other at any frame: each is taken as it says itself.
#[test]
fn each_frame_of_a_mixed_stream_is_taken_for_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let bar = fs::read(clip(
        folder.path(),
        "a.h264",
        &moving_bar(true),
        INTERLACED,
        "tff",
    ))
    .unwrap();
    let still = fs::read(clip(
        folder.path(),
        "b.h264",
        &stripes(),
        PROGRESSIVE,
        "prog",
    ))
    .unwrap();
    for (name, bytes, bars_first) in [
        ("bar_first.h264", [&bar[..], &still].concat(), true),
        ("stripes_first.h264", [&still[..], &bar].concat(), false),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        for ffmpeg in &ffmpegs() {
            let wanted: Vec<usize> = (0..2 * FRAMES).collect();
            let pictures = pictures(ffmpeg, &path, &wanted, OWN);
            for (nth, picture) in pictures.iter().enumerate() {
                let is_bar = (nth < FRAMES) == bars_first;
                let right = match is_bar {
                    true => combing(picture) <= 24,
                    false => has_its_stripes(picture),
                };
                assert!(right, "frame {nth} of {name} with {ffmpeg}");
            }
        }
    }
}
