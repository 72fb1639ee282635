//! Other people's files: real footage gives pictures of the right frames, broken and hostile
//! files give an error, and nothing of theirs is ever opened, called or left running.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::Limits;
use plan::Size;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::canary::{Canary, Line};
use support::clips::ffmpegs;
use support::corpus;
use support::plain::Plain;

/// Small enough to keep every frame of a file in memory.
const TINY: Size = Size {
    width: 32,
    height: 18,
};

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn limits() -> Limits {
    Limits {
        wall: Duration::from_secs(120),
        idle: Duration::from_secs(30),
        ..Limits::default()
    }
}

/// What came of a file: the video, and some of its pictures by index of frame.
pub(crate) struct Taken {
    video: Video,
    pub(crate) pictures: Vec<(usize, Vec<u8>)>,
    missing: Vec<usize>,
}

pub(crate) fn take(ffmpeg: &Ffmpeg, file: &Path) -> Result<Taken, MediaError> {
    let mut video = Video::open(ffmpeg, file, &limits())?;
    match take_some(ffmpeg, &video) {
        Err(MediaError::IndexMismatch) => {
            video.relist(ffmpeg, &limits())?;
            take_some(ffmpeg, &video)
        }
        taken => taken,
    }
}

/// The first, the last and three between, each by itself: each but the first is a seek.
fn take_some(ffmpeg: &Ffmpeg, video: &Video) -> Result<Taken, MediaError> {
    let last = video.timeline().frames().len() - 1;
    let mut wanted = [0, last / 4, last / 2, last * 7 / 8, last].to_vec();
    wanted.dedup();
    let (mut pictures, mut missing) = (Vec::new(), Vec::new());
    for frame in &wanted {
        missing.extend(
            video.extract(ffmpeg, &[*frame], TINY, &limits(), &mut |picture| {
                pictures.push((picture.frame, picture.pixels));
                Ok(())
            })?,
        );
    }
    assert_eq!(
        pictures.len() + missing.len(),
        wanted.len(),
        "each frame is given or missing"
    );
    Ok(Taken {
        video: video.clone(),
        pictures,
        missing,
    })
}

pub(crate) fn line(result: &Result<Taken, MediaError>) -> String {
    match result {
        Ok(Taken { video, missing, .. }) => format!(
            "{} {}x{} {} frames {} ms {} missing {missing:?}",
            video.codec(),
            video.display().width,
            video.display().height,
            video.timeline().frames().len(),
            video.timeline().duration_ms(),
            video.path_taken().name(),
        ),
        Err(error) => format!(
            "{}: {error}",
            if error.is_permanent() {
                "error"
            } else {
                "TRANSIENT"
            }
        ),
    }
}

/// Decoding more of 1080p takes minutes.
const MOST_PLAIN: usize = 1500;

/// In one thread: several conceal what is damaged with whatever the others have decoded by then.
const STEADILY: &[&str] = &["-threads", "1"];

/// Every frame of the file, by plain decoding from start to end.
fn decode_plainly(ffmpeg: &Ffmpeg, file: &Path, input: &[&str]) -> Vec<Vec<u8>> {
    let plain = Plain {
        ffmpeg,
        input: input.to_vec(),
        size: TINY,
        scaler: "flags=area+accurate_rnd+full_chroma_int",
        most: MOST_PLAIN,
    };
    plain.frames(file)
}

/// The frames that are seen: ffmpeg hides the one that an edit list cuts. Where one more is taken
/// than decodes, that is the one before the first, as it decodes without the edit list.
fn decode_as_edited(ffmpeg: &Ffmpeg, file: &Path, taken: &Taken, input: &[&str]) -> Vec<Vec<u8>> {
    let mut plain = decode_plainly(ffmpeg, file, input);
    if taken.video.timeline().frames().len() == plain.len() + 1 && !plain.is_empty() {
        let unedited = [input, &["-ignore_editlist", "1"]].concat();
        let all = decode_plainly(ffmpeg, file, &unedited);
        let first = all.iter().position(|frame| *frame == plain[0]);
        let cut = first.and_then(|first| first.checked_sub(1));
        plain.splice(..0, cut.map(|cut| all[cut].clone()));
    }
    plain
}

/// Variance of a picture without anything to be seen in it: all such are alike.
const FLAT: f64 = 9.0;

/// How much two pictures look alike whatever their colours, from -1 to 1: theirs differ where
/// one of them was made for a screen that shows less.
fn likeness(one: &[u8], two: &[u8]) -> f64 {
    let mean = |bytes: &[u8]| bytes.iter().map(|&b| f64::from(b)).sum::<f64>() / bytes.len() as f64;
    let (mean_one, mean_two) = (mean(one), mean(two));
    let (mut both, mut square_one, mut square_two) = (0.0, 0.0, 0.0);
    for (&a, &b) in one.iter().zip(two) {
        let (a, b) = (f64::from(a) - mean_one, f64::from(b) - mean_two);
        both += a * b;
        square_one += a * a;
        square_two += b * b;
    }
    if square_one < FLAT * one.len() as f64 {
        return 1.0;
    }
    both / (square_one * square_two).sqrt().max(1.0)
}

/// The picture of frame n looks like the n-th decoded frame, and like no other one more.
fn compare(taken: &Taken, plain: &[Vec<u8>]) -> Result<(), String> {
    let frames = taken.video.timeline().frames().len();
    if frames > MOST_PLAIN && plain.len() == MOST_PLAIN {
        eprintln!("       (of {frames} frames the first {MOST_PLAIN} are compared)");
    } else if frames != plain.len() {
        return Err(format!(
            "{frames} frames are listed, {} decode",
            plain.len()
        ));
    }
    for (frame, pixels) in taken
        .pictures
        .iter()
        .filter(|(frame, _)| *frame < plain.len())
    {
        let own = likeness(pixels, &plain[*frame]);
        let from = frame.saturating_sub(60);
        let near = plain.iter().enumerate().skip(from).take(120);
        let mut closer = near.filter(|(_, other)| likeness(pixels, other) > own + 0.005);
        if let Some((other, _)) = closer.next() {
            return Err(format!(
                "the picture of frame {frame} looks more like frame {other}"
            ));
        }
    }
    Ok(())
}

/// A broken file may list frames that don't decode, as long as that is noticed when they are
/// wanted; listed by decoding it must be right.
fn compare_broken(ffmpeg: &Ffmpeg, file: &Path, taken: &Taken) -> Result<(), String> {
    let plain = decode_as_edited(ffmpeg, file, taken, STEADILY);
    let mut video = taken.video.clone();
    if video.timeline().frames().len() == plain.len() {
        return compare(taken, &plain);
    }
    let relisted = video.relist(ffmpeg, &limits());
    let taken = relisted.and_then(|()| take_some(ffmpeg, &video));
    compare(&taken.map_err(|error| error.to_string())?, &plain)
}

/// Processes of ours that work on files of the corpus.
fn left_running(corpus: &Path) -> Vec<String> {
    let corpus = corpus.to_string_lossy();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let ours = processes.filter(|process| {
        let parent = fs::read_to_string(process.path().join("stat"))
            .ok()
            .and_then(|stat| {
                stat.rsplit_once(')')?
                    .1
                    .split_whitespace()
                    .nth(1)?
                    .parse::<u32>()
                    .ok()
            });
        parent == Some(std::process::id())
    });
    ours.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok())
        .filter(|command| command.contains(&*corpus))
        .collect()
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn real_footage_gives_the_right_frames() {
    let corpus = corpus();
    let mut failures = Vec::new();
    for file in files(&corpus.join("real")) {
        for ffmpeg in &ffmpegs() {
            let result = take(ffmpeg, &file);
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            eprintln!(
                "{:6} {name:60.60} {}",
                ffmpeg.version.to_string(),
                line(&result)
            );
            let right = match &result {
                Ok(taken) if taken.missing.is_empty() => {
                    compare(taken, &decode_as_edited(ffmpeg, &file, taken, &[]))
                }
                Ok(taken) => Err(format!("no picture of {:?}", taken.missing)),
                Err(error) => Err(error.to_string()),
            };
            failures.extend(
                right
                    .err()
                    .map(|error| format!("{name} with {ffmpeg}: {error}")),
            );
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(left_running(&corpus.join("real")), [] as [String; 0]);
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn broken_files_give_pictures_or_an_error_that_is_theirs() {
    let corpus = corpus();
    let folder = corpus.join("malformed");
    let mut failures = Vec::new();
    for file in files(&folder) {
        for ffmpeg in &ffmpegs() {
            let result = take(ffmpeg, &file);
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            eprintln!(
                "{:6} {name:60.60} {}",
                ffmpeg.version.to_string(),
                line(&result)
            );
            let right = match &result {
                Ok(taken) => compare_broken(ffmpeg, &file, taken),
                Err(error) if error.is_permanent() => Ok(()),
                Err(error) => Err(format!("to be tried again for ever: {error}")),
            };
            failures.extend(
                right
                    .err()
                    .map(|error| format!("{name} with {ffmpeg}: {error}")),
            );
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(left_running(&folder), [] as [String; 0]);
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn hostile_files_are_errors_and_nothing_they_name_is_touched() {
    let corpus = corpus();
    let folder = corpus.join("synthetic");
    let (canary, called) = (Canary::set(), Line::open());
    for file in files(&folder) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for ffmpeg in &ffmpegs() {
            let result = take(ffmpeg, &file);
            eprintln!(
                "{:6} {name:40} {}",
                ffmpeg.version.to_string(),
                line(&result)
            );
            canary.is_untouched(&name);
            called.is_silent(&name);
            expect_synthetic(&name, &result);
            if let Ok(taken) = &result {
                // What is listed and never decodes is missing.
                match taken.missing.is_empty() {
                    true => compare(taken, &decode_plainly(ffmpeg, &file, &[])).unwrap(),
                    false => compare_broken(ffmpeg, &file, taken).unwrap(),
                }
            }
        }
    }
    assert_eq!(left_running(&folder), [] as [String; 0]);
}

fn expect_synthetic(name: &str, result: &Result<Taken, MediaError>) {
    let said = line(result);
    let fits = match name {
        "bomb_8192x8192_30f.mp4" => {
            said.contains("8192x8192, 67108864 pixels a frame; the limit is 40000000")
        }
        "mp3_with_cover.mp3" => matches!(result, Err(MediaError::NoVideo)),
        "empty.mp4" => said.contains("it is empty"),
        "random_64k.mp4" | "text.mp4" | "truncated_moov_missing.mp4" => {
            matches!(result, Err(MediaError::Unreadable { .. }))
        }
        _ if name.starts_with("hls_") || name.starts_with("ffconcat_") => {
            matches!(result, Err(MediaError::Unreadable { .. }))
        }
        // Half a file, or one whose tables lie, may give anything but a failure of ours.
        "truncated_after_two_thirds.mp4" | "stsz_2e9_samples.mp4" => !said.contains("TRANSIENT"),
        "rot90.mp4" => {
            matches!(result, Ok(t) if t.video.display().height > t.video.display().width)
        }
        "sar_64_45_pal.mp4" => said.contains(" 1024x576 "),
        "mvhd_duration_lie.mp4" => {
            matches!(result, Ok(taken) if taken.video.timeline().duration_ms() < 60_000)
        }
        "audio_outlasts_video.mp4" => matches!(result, Ok(taken) if {
            let timeline = taken.video.timeline();
            let last = timeline.presentation_us(timeline.frames().len() - 1) / 1000;
            timeline.duration_ms() > last + 1000
        }),
        _ => result.is_ok(),
    };
    assert!(fits, "{name}: {said}");
}
