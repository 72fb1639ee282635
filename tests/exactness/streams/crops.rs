//! Containers that show a part of each frame: no ffmpeg before 7.1 heeds them.

use super::check::program;
use super::headers::{add_to_entry, clean_aperture, crop_pixels};
use super::make::{Piece, Workshop, at};
use std::path::Path;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::compare::{MOST_MEAN_ERROR, cell_errors};
use support::judge::program::ask;
use support::judge::raster::Raster;

const SIZE: (usize, usize) = (320, 240);

/// left, top, width, height
type Part = (usize, usize, usize, usize);

/// The pictures of `clip` are this part of those of `whole`, and the judge agrees.
fn wrong_part(clip: &Path, whole: &Path, (left, top, width, height): Part) -> Vec<String> {
    let points = [0, at(3) + 17, at(7)];
    let mut wrong = Vec::new();
    for ffmpeg in ffmpegs() {
        let name = clip.file_name().unwrap().to_string_lossy().into_owned();
        let name = format!("{name}, {}", ffmpeg.version);
        let cropped = ask(&program(), &ffmpeg.path, clip, &points, &[]);
        let all = ask(&program(), &ffmpeg.path, whole, &points, &[]);
        for point in points {
            let raster = |answer: &support::judge::program::Answer| {
                let picture = answer.at(point)?;
                Raster::of_jpeg(&picture.bytes).ok()
            };
            let (Some(cropped), Some(all)) = (raster(&cropped), raster(&all)) else {
                wrong.push(format!("{name}: nothing at {point}"));
                continue;
            };
            if (cropped.width, cropped.height) != (width, height) {
                let size = (cropped.width, cropped.height);
                wrong.push(format!("{name}: {size:?} at {point}, not {width}x{height}"));
            } else {
                let part = all.cropped(left, top, width, height);
                let error = cell_errors(&cropped, &part).mean;
                if error > MOST_MEAN_ERROR {
                    wrong.push(format!(
                        "{name}: another part at {point}, off by {error:.1}"
                    ));
                }
            }
        }
        let report = Judge::of(program()).judge(&ffmpeg.path, clip);
        if !report.is_ok() {
            wrong.push(format!("{name}: {}", report.verdict()));
        }
    }
    wrong
}

#[test]
fn a_clean_aperture_is_what_is_shown() {
    let codecs = [
        ("libx264 -preset ultrafast", b"avc1"),
        ("mpeg4 -q:v 3", b"mp4v"),
        ("libvpx-vp9 -deadline realtime -cpu-used 8", b"vp09"),
    ];
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    for (codec, entry) in codecs {
        let piece = Piece::new(SIZE, &format!("-pix_fmt yuv420p -c:v {codec}"));
        let whole = workshop.piece(&piece, 0, "whole.mp4");
        let name = format!("{}.mp4", String::from_utf8_lossy(entry));
        let clip = workshop.path(&name);
        std::fs::copy(&whole, &clip).unwrap();
        add_to_entry(&clip, entry, &clean_aperture((200, 160), (20, -10)));
        // In the middle at 60, 40.
        wrong.extend(wrong_part(&clip, &whole, (80, 30, 200, 160)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn matroska_crops_pixels() {
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    // Neither codec says an aspect of its own here.
    for codec in ["libvpx-vp9", "libvpx"] {
        let coded = format!("-pix_fmt yuv420p -c:v {codec} -deadline realtime -cpu-used 8 -vf");
        // Wide pixels let the muxer write the elements whose place is taken.
        let wide = Piece::new(SIZE, &format!("{coded} setsar=2"));
        let clip = workshop.piece(&wide, 0, &format!("{codec}.mkv"));
        crop_pixels(&clip, 64, 48);
        let square = Piece::new(SIZE, &format!("{coded} setsar=1"));
        let whole = workshop.piece(&square, 0, "whole.mkv");
        wrong.extend(wrong_part(&clip, &whole, (64, 48, 256, 192)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
