//! Promise: a video of which only the frames around the wanted times are listed gives the same
//! pictures at the same times as one whose frames are all listed.

use crate::recipes;
use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::{Limits, PathTaken, Size, Timeline};
use source::{FileSource, RangeSource, ReadError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use support::barcode;
use support::clips::{Recipe, ffmpegs};

const SIZE: Size = Size {
    width: 160,
    height: 90,
};

/// Those with cues, behind many clusters and in front of them.
fn recipes() -> Vec<Recipe> {
    let all = recipes::all().into_iter();
    let inside = all.filter_map(|recipe| match (recipe.extension, recipe.name) {
        (".mkv" | ".webm", _) => Some(recipe),
        (_, "pyramid" | "hevc" | "av1" | "ntsc") => Some(recipe.inside(".mkv", 1000)),
        _ => None,
    });
    let ways = [
        "-cluster_time_limit 400",
        "-cluster_time_limit 900 -cues_to_front 1",
    ];
    inside
        .flat_map(|recipe| ways.map(|options| recipe.clone().with(options)))
        .collect()
}

/// The times of one job each, ms.
fn jobs(recipe: &Recipe, duration_ms: u64) -> Vec<Vec<u64>> {
    let last = recipe.frames - 1;
    let numbers = [49, 51, 98];
    let on = |number: u16| recipe.shown_ms(number.min(last));
    let mut jobs: Vec<Vec<u64>> = numbers.into_iter().map(|number| vec![on(number)]).collect();
    // Beside each other, far from each other, and at the ends of what is known between them.
    jobs.push(vec![on(20), on(24), on(last - 30)]);
    jobs.push(vec![on(47), on(48), on(49), on(148), on(149), on(last)]);
    jobs.push(vec![0, duration_ms / 2 + 7, duration_ms - 1]);
    jobs.iter_mut()
        .for_each(|job| job.retain(|&at| at < duration_ms));
    jobs.retain(|job| !job.is_empty());
    jobs
}

fn check(recipe: &Recipe, ffmpeg: &Ffmpeg, clip: &Path) -> Result<usize, String> {
    let limits = Limits::default();
    let whole = Video::open(ffmpeg, clip, &limits).map_err(|error| error.to_string())?;
    let source = Arc::new(FileSource::open(clip).unwrap());
    let opened = Video::open_sparse(ffmpeg, source, &limits).map_err(|error| error.to_string())?;
    let all = whole.timeline();
    let mut sparse = 0;
    for points in jobs(recipe, all.duration_ms()) {
        let mut video = opened.clone();
        let focused = video.focus(ffmpeg, &points, &limits);
        focused.map_err(|error| error.to_string())?;
        let some = video.timeline();
        sparse += usize::from(some.frames().len() < all.frames().len());
        let (rate, known) = (whole.frame_rate(), video.frame_rate());
        let facts = (
            all.duration_ms(),
            whole.display(),
            whole.path_taken().name(),
        );
        if facts
            != (
                some.duration_ms(),
                video.display(),
                video.path_taken().name(),
            )
        {
            return Err(format!("{facts:?} before, {video:?}"));
        }
        if recipe.name != "vfr_mkv" && (rate / known - 1.0).abs() > 0.001 {
            return Err(format!("{known} frames a second for {rate}"));
        }
        for &at in &points {
            let times = [
                all.presentation_us(all.shown_at(at)),
                all.presentation_us(all.sync_nearest(at).unwrap()),
            ];
            let known = [
                some.presentation_us(some.shown_at(at)),
                some.presentation_us(some.sync_nearest(at).unwrap()),
            ];
            if times != known {
                return Err(format!("at {at} ms {known:?} for {times:?}"));
            }
        }
        match numbers(ffmpeg, &video, &points) {
            // What says that it can be cut and cannot is found out all the same.
            Err(MediaError::IndexMismatch) => {
                let whole = numbers(ffmpeg, &whole, &points);
                assert!(matches!(whole, Err(MediaError::IndexMismatch)), "{whole:?}");
            }
            Err(error) => return Err(error.to_string()),
            Ok(numbers) => compare(recipe, &points, &numbers)?,
        }
    }
    Ok(sparse)
}

/// What the picture of each point carries.
fn numbers(ffmpeg: &Ffmpeg, video: &Video, points: &[u64]) -> Result<Vec<Option<u16>>, MediaError> {
    let timeline = video.timeline();
    let wanted: BTreeSet<usize> = points.iter().map(|&at| timeline.shown_at(at)).collect();
    let wanted: Vec<usize> = wanted.into_iter().collect();
    let mut read = BTreeMap::new();
    let limits = Limits::default();
    video.extract(ffmpeg, &wanted, SIZE, &limits, &mut |picture| {
        let number = barcode::read(&picture.pixels, 160, 90);
        read.insert(picture.frame, number);
        Ok(())
    })?;
    let seen = points.iter().map(|&at| read[&timeline.shown_at(at)]);
    Ok(seen.collect())
}

fn compare(recipe: &Recipe, points: &[u64], numbers: &[Option<u16>]) -> Result<(), String> {
    for (&at, &seen) in points.iter().zip(numbers) {
        let expected = Some(recipe.seen_at(at));
        if seen != expected {
            return Err(format!("at {at} ms {seen:?} instead of {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn the_frames_around_a_time_are_enough_for_its_picture() {
    let ffmpegs = ffmpegs();
    let (mut failures, mut sparse) = (Vec::new(), 0);
    for recipe in recipes() {
        let clip = recipe.clip(&ffmpegs[0].path);
        for ffmpeg in &ffmpegs {
            let result = check(&recipe, ffmpeg, &clip);
            eprintln!("{:18} {} {result:?}", recipe.name, ffmpeg.version);
            match result {
                Ok(jobs) => sparse += usize::from(jobs > 2),
                Err(error) => failures.push(format!("{} with {ffmpeg}: {error}", recipe.name)),
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(sparse > 10, "sparse were {sparse}");
}

#[test]
fn a_picture_from_the_middle_of_a_long_file_costs_few_bytes() {
    let ffmpeg = &ffmpegs()[0];
    let recipe = Recipe {
        frames: 3000,
        ..Recipe::h264("long_mkv").inside(".mkv", 1000)
    };
    let clip = recipe.clip(&ffmpeg.path);
    let limits = Limits::default();
    let read = |sparse: bool| {
        let source = Arc::new(FileSource::open(&clip).unwrap());
        let mut video = if sparse {
            Video::open_sparse(ffmpeg, source, &limits).unwrap()
        } else {
            Video::open_source(ffmpeg, source, &limits).unwrap()
        };
        video.focus(ffmpeg, &[61_000], &limits).unwrap();
        let index = video.read_stats().bytes();
        let seen = numbers(ffmpeg, &video, &[61_000]).unwrap();
        assert_eq!(seen, [Some(recipe.seen_at(61_000))]);
        (index, video.read_stats().bytes() - index)
    };
    let ((index, group), (whole, same_group)) = (read(true), read(false));
    eprintln!("an index of {index} bytes for {whole}, and a group of {group}");
    assert!(index * 3 < whole, "{index} for {whole}");
    assert_eq!(group, same_group);
}

/// What a file behind HTTP is: each request takes its time.
#[derive(Debug)]
struct Remote(FileSource);

impl RangeSource for Remote {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }

    fn gap_bytes(&self) -> u64 {
        256 << 10
    }
}

/// Stuffed as a broadcast is, so that they are long enough for only parts of them to be read.
fn broadcasts() -> Vec<Recipe> {
    let long = |recipe: Recipe| Recipe {
        frames: 3000,
        ..recipe.inside(".ts", 90_000).with("-muxrate 2300000")
    };
    let h264 = Recipe::h264("long_ts").encoded("libx264", "-preset ultrafast -g 50 -bf 2");
    let hevc = Recipe::h264("long_ts_hevc").encoded(
        "libx265",
        "-preset ultrafast -x265-params log-level=error:keyint=50:bframes=3",
    );
    let mpeg2 = Recipe::h264("long_ts_mpeg2").encoded("mpeg2video", "-g 12 -bf 2 -q:v 4");
    vec![
        // Its clock begins anew on the way.
        long(h264).with("-output_ts_offset 95400"),
        long(hevc),
        long(mpeg2),
    ]
}

#[test]
fn five_pictures_of_a_far_broadcast_are_exact_and_cost_few_requests() {
    let ffmpegs = ffmpegs();
    let points = [3_210, 40_000, 61_033, 99_999, 119_900];
    for recipe in broadcasts() {
        let clip = recipe.clip(&ffmpegs[0].path);
        for ffmpeg in &ffmpegs {
            let what = format!("{} with {ffmpeg}", recipe.name);
            let limits = Limits::default();
            let whole = Video::open(ffmpeg, &clip, &limits).unwrap();
            let source = Arc::new(Remote(FileSource::open(&clip).unwrap()));
            let mut video = Video::open_sparse(ffmpeg, source, &limits).unwrap();
            video.focus(ffmpeg, &points, &limits).unwrap();
            let (all, some) = (whole.timeline(), video.timeline());
            assert_eq!(some.duration_ms(), all.duration_ms(), "{what}");
            for at in points {
                let of = |of: &Timeline| {
                    let sync = of.sync_nearest(at).unwrap();
                    [of.shown_at(at), sync].map(|frame| of.presentation_us(frame))
                };
                assert_eq!(of(some), of(all), "{what} at {at} ms");
            }
            let seen = numbers(ffmpeg, &video, &points).unwrap();
            compare(&recipe, &points, &seen).unwrap();
            let stats = video.read_stats();
            let (bytes, requests) = (stats.bytes(), stats.requests());
            eprintln!("{what}: {requests} requests, {bytes} of {}", video.bytes());
            assert_eq!(video.path_taken(), PathTaken::Cut, "{what}");
            assert!(requests <= 40, "{what}: {requests} requests");
            assert!(bytes * 2 < video.bytes(), "{what}: {bytes} bytes");
        }
    }
}
