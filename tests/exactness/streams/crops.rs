//! Containers that show a part of each frame, alike whoever reads them: no ffmpeg before 7.1 heeds
//! them.

use super::check::program;
use super::headers::{add_to_entry, clean_aperture, crop_pixels, turn_clockwise};
use super::make::{Piece, Workshop, at};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::compare::{MOST_MEAN_ERROR, cell_errors};
use support::judge::program::ask;
use support::judge::raster::Raster;

const SIZE: (usize, usize) = (320, 240);

/// left, top, width, height
type Part = (usize, usize, usize, usize);

/// The pictures of `clip` are this part of those of `whole`, and the judge agrees.
fn wrong_part(clip: &Path, whole: &Path, part: Part) -> Vec<String> {
    let mut wrong = wrong_at(clip, whole, &[0, at(3) + 17, at(7)], part);
    for ffmpeg in ffmpegs() {
        let report = Judge::of(program()).judge(&ffmpeg.path, clip);
        if !report.is_ok() {
            let name = clip.file_name().unwrap().to_string_lossy();
            wrong.push(format!("{name}, {}: {}", ffmpeg.version, report.verdict()));
        }
    }
    wrong
}

/// At these points the pictures of `clip` are this part of those of `whole`.
pub(super) fn wrong_at(
    clip: &Path,
    whole: &Path,
    points: &[u64],
    (left, top, width, height): Part,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for ffmpeg in ffmpegs() {
        let name = clip.file_name().unwrap().to_string_lossy().into_owned();
        let name = format!("{name}, {}", ffmpeg.version);
        let cropped = ask(&program(), &ffmpeg.path, clip, points, &[]);
        let all = ask(&program(), &ffmpeg.path, whole, points, &[]);
        for &point in points {
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
    }
    wrong
}

/// A clip of a codec in MP4 or `QuickTime`, and the same with a clean aperture.
fn with_aperture(workshop: &Workshop, codec: &str, entry: &[u8; 4]) -> (PathBuf, PathBuf) {
    let piece = Piece::new(SIZE, &format!("-pix_fmt yuv420p -c:v {codec}"));
    let name = String::from_utf8_lossy(entry).trim().to_owned();
    // Of these the muxer of MP4 knows nothing.
    let extension = match &name[..] {
        "FFV1" | "HFYU" => "mov",
        _ => "mp4",
    };
    let whole = workshop.piece(&piece, 0, &format!("{name}-whole.{extension}"));
    let clip = workshop.path(&format!("{name}.{extension}"));
    std::fs::copy(&whole, &clip).unwrap();
    add_to_entry(&clip, entry, &clean_aperture((200, 160), (20, -10)));
    (whole, clip)
}

#[test]
fn a_clean_aperture_is_what_is_shown() {
    let codecs = [
        ("libx264 -preset ultrafast", b"avc1"),
        ("mpeg4 -q:v 3", b"mp4v"),
        ("libvpx-vp9 -deadline realtime -cpu-used 8", b"vp09"),
        ("ffv1", b"FFV1"),
        ("huffyuv -pix_fmt yuv422p", b"HFYU"),
    ];
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    for (codec, entry) in codecs {
        let (whole, clip) = with_aperture(&workshop, codec, entry);
        // In the middle at 60, 40.
        wrong.extend(wrong_part(&clip, &whole, (80, 30, 200, 160)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_clean_aperture_is_turned_and_stretched_with_the_picture() {
    let codecs = [
        ("libx264 -preset ultrafast -vf setsar=2", b"avc1"),
        ("ffv1 -level 1 -vf setsar=2", b"FFV1"),
    ];
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    for (codec, entry) in codecs {
        let (whole, clip) = with_aperture(&workshop, codec, entry);
        wrong.extend(wrong_part(&clip, &whole, (160, 30, 400, 160)));
        for file in [&whole, &clip] {
            turn_clockwise(file);
        }
        // Pixels are half as wide as high then.
        wrong.extend(wrong_part(&clip, &whole, (25, 80, 80, 200)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pixels_that_matroska_crops_are_turned_and_stretched_with_the_picture() {
    let newest = ffmpegs().pop().unwrap();
    assert!(
        newest.version.crops_as_containers_say(),
        "it writes no crop"
    );
    let workshop = Workshop::open();
    let (whole, clip) = with_aperture(&workshop, "ffv1 -level 1 -vf setsar=2", b"FFV1");
    let copied = |file: &Path, name: &str, before: &[&str]| {
        let path = workshop.path(name);
        let mut command = Command::new(&newest.path);
        command
            .args(["-nostdin", "-loglevel", "error"])
            .args(before);
        command.arg("-i").arg(file).args(["-c", "copy"]).arg(&path);
        assert!(command.status().unwrap().success(), "{name}");
        path
    };
    let mut wrong = Vec::new();
    for (name, before, part) in [
        ("wide.mkv", &[][..], (160, 30, 400, 160)),
        (
            "turned.mkv",
            &["-display_rotation", "90"],
            (15, 40, 80, 200),
        ),
        (
            "over.mkv",
            &["-display_rotation", "180"],
            (80, 50, 400, 160),
        ),
        ("mirrored.mkv", &["-display_hflip"], (80, 30, 400, 160)),
    ] {
        let whole = copied(&whole, &format!("whole-{name}"), before);
        let clip = copied(&clip, name, before);
        wrong.extend(wrong_part(&clip, &whole, part));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn matroska_crops_pixels() {
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    // Neither codec says an aspect of its own here.
    for (codec, options) in [
        ("libvpx-vp9", "-deadline realtime -cpu-used 8"),
        ("libvpx", "-deadline realtime -cpu-used 8"),
        ("ffv1", "-level 1"),
        ("msmpeg4", "-q:v 3"),
    ] {
        let coded = format!("-pix_fmt yuv420p -c:v {codec} {options} -vf");
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
