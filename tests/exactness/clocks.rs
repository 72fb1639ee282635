//! Clocks that are not clean: what one frame's time says wrong is put right or left to that frame,
//! and what is right stays as it is.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::{ClockFault, Limits, PathTaken, Size};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::barcode;
use support::clips::{Recipe, ffmpegs};

const SIZE: Size = Size {
    width: 160,
    height: 90,
};

/// A clip whose packets got other times.
struct Retimed {
    recipe: Recipe,
    /// For ffmpeg's `setts` filter.
    times: &'static str,
    /// The container it ends in.
    extension: &'static str,
}

impl Retimed {
    fn file(&self, ffmpeg: &Path, folder: &Path) -> PathBuf {
        let clip = self.recipe.clip(ffmpeg);
        let name = format!("{}{}", self.recipe.name, self.extension);
        let file = folder.join(name);
        let made = Command::new(ffmpeg)
            .args(["-nostdin", "-v", "error", "-y", "-copyts", "-i"])
            .arg(clip)
            .args(["-map", "0:v", "-c", "copy", "-bsf:v"])
            .arg(format!("setts={}", self.times))
            .arg(&file)
            .stdin(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        file
    }
}

/// What came of a file: its numbers at `points`, and how it was read.
struct Seen {
    video: Video,
    numbers: Vec<Option<u16>>,
}

fn see(ffmpeg: &Ffmpeg, file: &Path, points: &[u64]) -> Result<Seen, MediaError> {
    let limits = Limits::default();
    let mut video = Video::open(ffmpeg, file, &limits)?;
    loop {
        match numbers(ffmpeg, &video, points) {
            Err(MediaError::IndexMismatch) if video.path_taken() != PathTaken::Decode => {
                video.relist(ffmpeg, &limits)?;
            }
            read => {
                let numbers = read?;
                return Ok(Seen { video, numbers });
            }
        }
    }
}

fn numbers(ffmpeg: &Ffmpeg, video: &Video, points: &[u64]) -> Result<Vec<Option<u16>>, MediaError> {
    let timeline = video.timeline();
    let wanted: BTreeSet<usize> = points.iter().map(|&at| timeline.shown_at(at)).collect();
    let wanted: Vec<usize> = wanted.into_iter().collect();
    let mut read = BTreeMap::new();
    let missing = video.extract(ffmpeg, &wanted, SIZE, &Limits::default(), &mut |picture| {
        read.insert(picture.frame, barcode::read(&picture.pixels, 160, 90));
        Ok(())
    })?;
    assert_eq!(missing, [] as [usize; 0]);
    let seen = points.iter().map(|&at| read[&timeline.shown_at(at)]);
    Ok(seen.collect())
}

fn without_reordering(name: &'static str) -> Recipe {
    Recipe::h264(name).encoded(
        "libx264",
        "-preset veryfast -g 50 -keyint_min 50 -sc_threshold 0 -bf 0",
    )
}

/// In the middle of what is shown of each frame, so that a tick more or less is nothing.
const POINTS: [u64; 9] = [20, 1020, 4700, 4780, 4820, 4860, 4900, 7020, 9900];

#[test]
fn one_time_20_s_ahead_freezes_no_picture_and_makes_nothing_longer() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let middle = "pts='if(eq(N,120),PTS+20/TB,PTS)'";
    let end = "pts='if(eq(N,246),PTS+20/TB,PTS)'";
    for (extension, ticks) in [
        (".mp4", 90_000),
        (".mkv", 1000),
        (".ts", 90_000),
        (".flv", 1000),
    ] {
        for recipe in [Recipe::h264("reordered"), without_reordering("as_decoded")] {
            for times in [middle, end] {
                let recipe = recipe.clone().inside(extension, ticks);
                let retimed = Retimed {
                    recipe,
                    times,
                    extension,
                };
                for ffmpeg in ffmpegs() {
                    let file = retimed.file(&ffmpegs()[0].path, folder.path());
                    let seen = see(&ffmpeg, &file, &POINTS).unwrap();
                    let expected = POINTS.map(|at| Some(retimed.recipe.seen_at(at)));
                    let timeline = seen.video.timeline();
                    let is_right = seen.numbers == expected
                        && (9_950..10_200).contains(&timeline.duration_ms())
                        && timeline
                            .repairs()
                            .iter()
                            .any(|r| r.fault == ClockFault::Outlier)
                        && (times == end
                            || extension == ".ts"
                            || extension == ".flv"
                            || seen.video.path_taken() == PathTaken::Cut);
                    let what = format!("{} {extension} {times} {ffmpeg}", retimed.recipe.name);
                    eprintln!("{what}: {is_right}");
                    if !is_right {
                        wrong.push(format!(
                            "{what}: {:?} {:?} ms {} {:?} {:?}",
                            seen.numbers,
                            timeline.duration_ms(),
                            seen.video.path_taken().name(),
                            timeline.repairs(),
                            seen.video.why_not_cut(),
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn of_two_frames_with_one_time_the_second_is_shown_and_nothing_shifts() {
    let folder = tempfile::tempdir().unwrap();
    let vp8 = Recipe::h264("pairs_vp8").encoded("libvpx", "-deadline realtime -g 50");
    let keys = Recipe::h264("pairs_of_keys").encoded("libx264", "-preset veryfast -g 1 -bf 0");
    let mut wrong = Vec::new();
    // Of the MP4, decoding times rise and presentation times come in pairs.
    for (recipe, times, extension, is_cut) in [
        (
            vp8.inside(".webm", 1000),
            "ts='TS-mod(N,2)*0.04/TB'",
            ".webm",
            true,
        ),
        (
            without_reordering("pairs_mp4"),
            "pts='PTS+0.04/TB-mod(N,2)*0.04/TB'",
            ".mp4",
            true,
        ),
        (
            keys.clone().inside(".mkv", 1000),
            "ts='TS-mod(N,2)*0.04/TB'",
            ".mkv",
            true,
        ),
        (
            keys.inside(".flv", 1000),
            "ts='TS-mod(N,2)*0.04/TB'",
            ".flv",
            false,
        ),
    ] {
        let retimed = Retimed {
            recipe,
            times,
            extension,
        };
        let points = [20, 60, 100, 4020, 4060, 4100, 4140, 9860, 9900];
        for ffmpeg in ffmpegs() {
            let file = retimed.file(&ffmpegs()[0].path, folder.path());
            let seen = see(&ffmpeg, &file, &points).unwrap();
            let expected = points.map(|at| Some((at / 80 * 2 + 1) as u16));
            let video = &seen.video;
            let is_right = seen.numbers == expected
                && (9_900..10_200).contains(&video.timeline().duration_ms())
                && video.timeline().repairs().is_empty()
                && (!is_cut || video.path_taken() == PathTaken::Cut);
            if !is_right {
                wrong.push(format!(
                    "{} {ffmpeg}: {:?} {} ms {} {:?}",
                    retimed.recipe.name,
                    seen.numbers,
                    video.timeline().duration_ms(),
                    video.path_taken().name(),
                    video.why_not_cut(),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Of `count` frames spread over the video, the number in each picture; and that of the keyframe
/// nearest to the middle.
fn by_place(ffmpeg: &Ffmpeg, file: &Path) -> (Video, Vec<(usize, Option<u16>)>) {
    let limits = Limits::default();
    let mut video = Video::open(ffmpeg, file, &limits).unwrap();
    loop {
        let middle = video.timeline().sync_nearest(5_000).unwrap();
        let wanted: BTreeSet<usize> = [0, 1, 2, 3, 50, 51, 52, 53, 120, 121, 122, 123, middle]
            .into_iter()
            .collect();
        let wanted: Vec<usize> = wanted.into_iter().collect();
        let mut read = Vec::new();
        let done = video.extract(ffmpeg, &wanted, SIZE, &limits, &mut |picture| {
            read.push((picture.frame, barcode::read(&picture.pixels, 160, 90)));
            Ok(())
        });
        match done {
            Err(MediaError::IndexMismatch) => video.relist(ffmpeg, &limits).unwrap(),
            done => {
                assert_eq!(done.unwrap(), [] as [usize; 0]);
                return (video, read);
            }
        }
    }
}

#[test]
fn times_that_contradict_the_headers_are_not_believed_of_keyframes_either() {
    let folder = tempfile::tempdir().unwrap();
    let mpeg4 = Recipe::h264("mpeg4").encoded("mpeg4", "-q:v 3 -g 50 -bf 2");
    let h264 = Recipe::h264("h264");
    // With what the numbers of keyframes are multiples of: one of MPEG-4 comes after two others.
    for (recipe, times, multiple) in [
        // As a writer without `ctts` has them.
        (mpeg4.clone(), "pts=DTS", 3),
        (h264.clone(), "pts=DTS", 50),
        // With some, and wrong ones.
        (h264, "pts='PTS+0.08/TB*mod(N,2)'", 50),
        (mpeg4, "pts='PTS+0.08/TB*mod(N,2)'", 3),
    ] {
        let retimed = Retimed {
            recipe,
            times,
            extension: ".mp4",
        };
        for ffmpeg in ffmpegs() {
            let file = retimed.file(&ffmpegs()[0].path, folder.path());
            let (video, read) = by_place(&ffmpeg, &file);
            // The decoder gives them in this order, whatever the container says.
            let what = format!("{} {times} {ffmpeg}", retimed.recipe.name);
            // An edit may cut off the first.
            let first = read[0].1.unwrap();
            let expected = |frame: usize| u16::try_from(frame).ok().map(|frame| frame + first);
            let wrong = read
                .iter()
                .find(|(frame, number)| *number != expected(*frame));
            assert!(first < 4 && wrong.is_none(), "{what}: {read:?}");
            let key = expected(video.timeline().sync_nearest(5_000).unwrap());
            assert_eq!(key.map(|number| number % multiple), Some(0), "{what}");
            assert_eq!(
                (video.path_taken(), video.why_not_cut()),
                (
                    PathTaken::Decode,
                    Some("its times contradict the order of its pictures")
                ),
                "{what}"
            );
        }
    }
}

#[test]
fn of_two_frames_with_one_time_the_one_that_comes_out_last_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    // Decoding order is not that of output here.
    let recipe = Recipe::h264("pairs_reordered");
    let times = "pts='PTS+0.04/TB*(1-mod(floor((PTS-STARTPTS)*TB*25+0.5),2))'";
    let retimed = Retimed {
        recipe,
        times,
        extension: ".mp4",
    };
    let points = [60, 100, 140, 4060, 4100, 4140, 4180, 4220, 9860];
    for ffmpeg in ffmpegs() {
        let file = retimed.file(&ffmpegs()[0].path, folder.path());
        let seen = see(&ffmpeg, &file, &points).unwrap();
        let expected = points.map(|at| Some((at / 80 * 2 + 1) as u16));
        assert_eq!(
            seen.numbers,
            expected,
            "{ffmpeg} {:?}",
            seen.video.why_not_cut()
        );
    }
}
