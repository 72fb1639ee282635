//! Numbered clips: the number in each picture is the one that the recipe promises.

use crate::recipes;
use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::Limits;
use plan::Size;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::barcode;
use support::clips::{After, Recipe, ffmpegs};

/// Points around the first and last frames, keyframes and a spread over the rest, ms.
fn points(recipe: &Recipe, duration_ms: u64) -> BTreeSet<u64> {
    let last = recipe.frames - 1;
    let mut points = BTreeSet::from([0, duration_ms - 1]);
    let numbers = [
        0,
        1,
        2,
        24,
        25,
        26,
        49,
        50,
        51,
        52,
        59,
        60,
        61,
        75,
        99,
        100,
        123,
        last - 1,
        last,
    ];
    for number in numbers
        .into_iter()
        .filter(|n| (recipe.first()..=last).contains(n))
    {
        let on = recipe.shown_ms(number);
        points.extend([on.saturating_sub(1), on, on + 1, on + 17]);
    }
    points
}

/// Which frames are asked for in one call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Calls {
    /// All: most follow from one another without a seek.
    Together,
    /// Each by itself: each is a seek.
    Alone,
}

/// Frames right before and after keyframes, and at the end: where seeks go wrong.
const HARD: [u16; 9] = [1, 24, 49, 50, 51, 76, 98, 149, 249];

fn hard(recipe: &Recipe) -> BTreeSet<u64> {
    let frames = HARD.into_iter().map(|number| number.min(recipe.frames - 1));
    frames
        .filter(|&number| number >= recipe.first())
        .map(|n| recipe.shown_ms(n))
        .collect()
}

/// Frame index -> number read from its picture.
fn numbers(
    ffmpeg: &Ffmpeg,
    video: &Video,
    wanted: &[usize],
    size: Size,
) -> Result<BTreeMap<usize, Option<u16>>, MediaError> {
    let mut read = BTreeMap::new();
    let mut last = None;
    let missing = video.extract(ffmpeg, wanted, size, &Limits::default(), &mut |picture| {
        assert!(
            Some(picture.frame) > last,
            "pictures come in order, each once"
        );
        last = Some(picture.frame);
        let (width, height) = (picture.size.width as usize, picture.size.height as usize);
        assert_eq!(picture.pixels.len(), 3 * width * height);
        read.insert(picture.frame, barcode::read(&picture.pixels, width, height));
        Ok(())
    })?;
    assert_eq!(
        missing,
        [] as [usize; 0],
        "no frame of a sound clip is missing"
    );
    Ok(read)
}

fn read_all(
    ffmpeg: &Ffmpeg,
    video: &Video,
    wanted: &[usize],
    size: Size,
    calls: Calls,
) -> Result<BTreeMap<usize, Option<u16>>, MediaError> {
    if calls == Calls::Together {
        return numbers(ffmpeg, video, wanted, size);
    }
    let mut read = BTreeMap::new();
    for frame in wanted {
        read.extend(numbers(ffmpeg, video, &[*frame], size)?);
    }
    Ok(read)
}

fn check(
    recipe: &Recipe,
    ffmpeg: &Ffmpeg,
    clip: &Path,
    (size, calls): (Size, Calls),
) -> Result<String, String> {
    let limits = Limits::default();
    let text = |error: MediaError| error.to_string();
    let mut video = Video::open(ffmpeg, clip, &limits).map_err(text)?;
    let mut relisted = "";
    loop {
        let timeline = video.timeline();
        let mut points = match calls {
            Calls::Together => points(recipe, timeline.duration_ms()),
            Calls::Alone => hard(recipe),
        };
        points.retain(|&at| at < timeline.duration_ms());
        let wanted: BTreeSet<usize> = points.iter().map(|&at| timeline.shown_at(at)).collect();
        let wanted: Vec<usize> = wanted.into_iter().collect();
        match read_all(ffmpeg, &video, &wanted, size, calls) {
            Err(MediaError::IndexMismatch) if video.path_taken().name() != "decode" => {
                relisted = ", listed anew";
                video.relist(ffmpeg, &limits).map_err(text)?;
            }
            Err(error) => return Err(error.to_string()),
            Ok(read) => {
                compare(recipe, &video, &points, &read)?;
                return Ok(format!(
                    "{}{relisted}, {} points",
                    video.path_taken().name(),
                    points.len()
                ));
            }
        }
    }
}

fn compare(
    recipe: &Recipe,
    video: &Video,
    points: &BTreeSet<u64>,
    read: &BTreeMap<usize, Option<u16>>,
) -> Result<(), String> {
    let timeline = video.timeline();
    let wrong: Vec<String> = points
        .iter()
        .map(|&at| (at, Some(recipe.seen_at(at)), read[&timeline.shown_at(at)]))
        .filter(|(_, expected, seen)| expected != seen)
        .map(|(at, expected, seen)| format!("at {at} ms {seen:?} instead of {expected:?}"))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let end = recipe.shown_ms(recipe.frames - 1);
    let end = recipe.sound_ms.filter(|&sound| sound > end).unwrap_or(end);
    let duration = timeline.duration_ms();
    let whole = !matches!(recipe.after, After::Truncate(_));
    if whole && !(end..=end + 600).contains(&duration) {
        return Err(format!(
            "a duration of {duration} ms; the last frame or sound is at {end} ms"
        ));
    }
    let source = Size {
        width: recipe.width as u32,
        height: recipe.height as u32,
    };
    if video.display() != source {
        return Err(format!(
            "a size of {:?} instead of {source:?}",
            video.display()
        ));
    }
    Ok(())
}

fn check_all(how: (Size, Calls)) {
    let ffmpegs = ffmpegs();
    let mut failures = Vec::new();
    for recipe in recipes::all() {
        let clip = recipe.clip(&ffmpegs[0].path);
        for ffmpeg in &ffmpegs {
            let result = check(&recipe, ffmpeg, &clip, how);
            eprintln!(
                "{:18} {:8} {result:?}",
                recipe.name,
                ffmpeg.version.to_string()
            );
            if let Err(error) = result {
                failures.push(format!("{} with {ffmpeg}: {error}", recipe.name));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_picture_is_the_frame_shown_at_that_time() {
    check_all((
        Size {
            width: 1280,
            height: 720,
        },
        Calls::Together,
    ));
}

#[test]
fn a_frame_asked_for_by_itself_is_as_exact() {
    check_all((
        Size {
            width: 160,
            height: 90,
        },
        Calls::Alone,
    ));
}
