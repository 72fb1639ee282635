//! Streams whose frames change their size or format on the way.
//!
//! ffmpeg was told to keep its filters through such changes. They read and wrote past the ends of
//! frames they were not built for: it crashed in half of the runs, and in the others pictures
//! showed, from some row on, what lay in its memory: other bytes each time.

use decoder::Ffmpeg;
use plan::Limits;
use service::pictures::{Made, Stop, take};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::{Recipe, ffmpegs};
use support::work::{at, engine, order};
use tempfile::TempDir;

/// 25 numbered frames, one second.
fn part(name: &'static str, width: usize, height: usize) -> Recipe {
    let mut recipe = Recipe::h264(name).inside(".ts", 90_000);
    (recipe.width, recipe.height, recipe.frames) = (width, height, 25);
    recipe
}

fn small() -> Recipe {
    part("changing_small", 160, 96)
}

fn large() -> Recipe {
    part("changing_large", 320, 192)
}

/// The parts one after the other, in the container that `name` ends with.
fn joined(
    ffmpeg: &Ffmpeg,
    folder: &TempDir,
    parts: &[Recipe],
    name: &str,
    options: &[&str],
) -> PathBuf {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend(std::fs::read(part.clip(&ffmpeg.path)).unwrap());
    }
    let (stream, path) = (folder.path().join("joined.ts"), folder.path().join(name));
    std::fs::write(&stream, bytes).unwrap();
    let made = Command::new(&ffmpeg.path)
        .args(["-nostdin", "-loglevel", "quiet", "-i"])
        .arg(&stream)
        .args(["-c", "copy"])
        .args(options)
        .arg(&path)
        .status();
    assert!(made.unwrap().success(), "could not make {name}");
    path
}

/// One before the change, and one on either side of it: so near that one ffmpeg decodes both.
const POINTS_MS: [u64; 3] = [200, 920, 1120];

const RUNS: usize = 20;

/// Where ffmpeg never kept its filters.
const FEW_RUNS: usize = 4;

/// What a job gives: its JPEGs by the time asked for, or the code that it ends with.
type Given = Result<BTreeMap<u64, Vec<u8>>, &'static str>;

fn given(ffmpeg: &Ffmpeg, path: &Path) -> Given {
    let mut files = BTreeMap::new();
    let order = order(path, at(&POINTS_MS)).unwrap();
    let taken = take(&engine(ffmpeg, Limits::default()), &order, &mut |made| {
        if let Made::File(file) = made {
            files.insert(file.key, file.bytes);
        }
        true
    });
    match taken {
        Ok(taken) => Ok(taken
            .manifest
            .pictures
            .into_iter()
            .filter_map(|picture| Some((picture.requested_ms, files.remove(&picture.key?)?)))
            .collect()),
        Err(Stop::Fail(failure)) => Err(failure.code),
        // A crash is one of these.
        Err(other) => panic!("{other}"),
    }
}

/// Whole, and where the stream has not changed yet, the right one.
fn check(first: &Recipe, at_ms: u64, jpeg: &[u8]) {
    let picture = image::load_from_memory(jpeg).unwrap().to_rgb8();
    let number = support::number(&picture);
    // It stands in the lowest rows, the first to go.
    assert!(number.is_some(), "no number in the picture at {at_ms} ms");
    let is_grey = |pixel: &image::Rgb<u8>| {
        let [red, green, blue] = pixel.0;
        red.abs_diff(green).max(green.abs_diff(blue)) < 40
    };
    assert!(picture.pixels().all(is_grey), "colours at {at_ms} ms");
    if at_ms < 1000 {
        assert_eq!(number, Some(first.seen_at(at_ms).into()), "at {at_ms} ms");
    }
}

fn is_the_same_at_each_run(parts: &[Recipe], name: &str) {
    is_the_same(parts, name, &[], RUNS);
}

fn is_the_same(parts: &[Recipe], name: &str, options: &[&str], runs: usize) {
    for ffmpeg in &ffmpegs() {
        let folder = tempfile::tempdir().unwrap();
        let path = joined(ffmpeg, &folder, parts, name, options);
        let before = given(ffmpeg, &path);
        if let Ok(pictures) = &before {
            for (&at_ms, jpeg) in pictures {
                check(&parts[0], at_ms, jpeg);
            }
            assert!(pictures.contains_key(&200), "the first part is good");
        }
        stays(ffmpeg, &path, &before, runs);
    }
}

fn stays(ffmpeg: &Ffmpeg, path: &Path, before: &Given, runs: usize) {
    for run in 1..runs {
        assert!(
            given(ffmpeg, path) == *before,
            "run {run} differs: {}, ffmpeg {}",
            path.display(),
            ffmpeg.version
        );
    }
}

#[test]
fn frames_that_grow() {
    is_the_same_at_each_run(&[small(), large()], "grow.flv");
}

#[test]
fn frames_that_shrink() {
    is_the_same_at_each_run(&[large(), small()], "shrink.ts");
}

#[test]
fn frames_whose_chroma_loses_rows() {
    let full = part("changing_422", 320, 192).with("-pix_fmt yuv422p");
    is_the_same_at_each_run(&[full, large()], "chroma.ts");
}

#[test]
fn frames_whose_numbers_get_deeper() {
    let deep = part("changing_deep", 320, 192).with("-pix_fmt yuv420p10le");
    is_the_same_at_each_run(&[large(), deep], "deep.ts");
}

#[test]
fn interlaced_frames_that_shrink() {
    let mpeg2 = |name, width, height| {
        part(name, width, height).encoded("mpeg2video", "-g 12 -bf 2 -q:v 2 -flags +ildct+ilme")
    };
    let parts = [
        mpeg2("changing_fields_large", 320, 192),
        mpeg2("changing_fields_small", 160, 96),
    ];
    is_the_same_at_each_run(&parts, "fields.ts");
}

/// Without times, frames are told by their number.
#[test]
fn frames_without_times_that_grow() {
    is_the_same_at_each_run(&[small(), large()], "grow.h264");
}

#[test]
fn frames_that_grow_in_what_is_cut() {
    is_the_same(&[small(), large()], "grow.mkv", &[], FEW_RUNS);
}

#[test]
fn frames_that_grow_within_one_sample_description() {
    let options = ["-tag:v", "avc3"];
    is_the_same(&[small(), large()], "grow.mp4", &options, FEW_RUNS);
}

/// Of other people's kinds.
#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_that_were_reported() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(support::corpus().join("reported"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        ["reschange_", "pixfmt_", "sarchange_"]
            .iter()
            .any(|kind| name.starts_with(kind))
    });
    files.sort();
    for ffmpeg in &ffmpegs() {
        for file in &files {
            let before = given(ffmpeg, file);
            assert!(before.is_ok(), "{}: {before:?}", file.display());
            stays(ffmpeg, file, &before, RUNS);
        }
    }
}
