//! Streams of which pictures were lost on the way: what a decoder fills in their place is what it
//! fills in when it is given all that is left.

use super::check::program;
use super::make::{Piece, Workshop};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::barcode;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::program::{Answer, TakenPicture, ask};
use support::judge::raster::Raster;

const SIZE: (usize, usize) = (320, 240);

/// Every seventh is lost, none of them the first.
const LOSSES: &str = "-bsf:v noise=drop=not(mod(n+3\\,7))";

fn judge() -> Judge {
    Judge {
        alone: 2,
        ..Judge::of(program())
    }
}

/// What is wrong with every fourth frame, whichever way it is reached.
fn failures(clip: &Path) -> Vec<String> {
    let points: BTreeSet<u64> = (0..100).step_by(4).map(|frame| frame * 40).collect();
    let mut failures = Vec::new();
    for ffmpeg in ffmpegs() {
        let report = judge().judge_at(&ffmpeg.path, clip, &points);
        if !report.is_ok() {
            let name = clip.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}, {}: {}", ffmpeg.version, report.verdict()));
        }
    }
    failures
}

/// Of 100 frames in these containers.
fn assert_as_plain(options: &str, extensions: &[&str]) {
    let workshop = Workshop::open();
    let mut piece = Piece::new(SIZE, options);
    piece.frames = 100;
    let whole = workshop.piece(&piece, 0, "whole.mp4");
    let mut wrong = Vec::new();
    for extension in extensions {
        let clip = workshop.copied(&whole, &format!("lost.{extension}"), LOSSES);
        wrong.extend(failures(&clip));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const H264: &str = "-c:v libx264 -preset veryfast -g 50 -pix_fmt yuv420p";

/// Pictures that nothing refers to hid the losses, and were left out.
#[test]
fn h264_with_b_frames_fills_the_same_gaps() {
    assert_as_plain(&format!("{H264} -bf 3"), &["mp4", "mkv", "ts"]);
}

#[test]
fn h264_of_open_groups_fills_the_same_gaps() {
    let options = format!("{H264} -x264-params open-gop=1:bframes=3:b-pyramid=strict");
    assert_as_plain(&options, &["mp4", "mkv", "ts"]);
}

#[test]
fn h264_of_few_references_fills_the_same_gaps() {
    let options = format!("{H264} -x264-params ref=1:bframes=2:b-pyramid=none");
    assert_as_plain(&options, &["mp4", "mkv"]);
}

/// Which of these times give another picture, mark or time alone than in `together`.
fn depend_on(together: &Answer, ffmpeg: &Path, clip: &Path, times: &[u64]) -> Vec<u64> {
    let is_other = |&at_ms: &u64| {
        let alone = ask(&program(), ffmpeg, clip, &[at_ms], &[]);
        let of = |answer: &Answer| {
            let picture = answer.at(at_ms)?;
            let ms = picture.presentation_ms;
            Some((ms.to_bits(), picture.is_damaged, picture.bytes.clone()))
        };
        of(&alone) != of(together)
    };
    times.iter().copied().filter(is_other).collect()
}

/// Pictures that were asked for alone are those of a run with all others: bytes, marks and times.
fn depend_on_others(clip: &Path) -> Vec<String> {
    let points: Vec<u64> = (0..100).step_by(7).map(|frame| frame * 40).collect();
    let some: Vec<u64> = points.iter().copied().step_by(2).collect();
    let mut failures = Vec::new();
    for ffmpeg in ffmpegs() {
        let together = ask(&program(), &ffmpeg.path, clip, &points, &[]);
        for at_ms in depend_on(&together, &ffmpeg.path, clip, &some) {
            let name = clip.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}, {}: at {at_ms}", ffmpeg.version));
        }
    }
    failures
}

/// The copies of 100 frames in these containers that lose packets this way.
fn copies(workshop: &Workshop, options: &str, extensions: &[&str], losses: &str) -> Vec<PathBuf> {
    let mut piece = Piece::new(SIZE, options);
    piece.frames = 100;
    let whole = workshop.piece(&piece, 0, "whole.mp4");
    let copied = |extension| workshop.copied(&whole, &format!("lost.{extension}"), losses);
    extensions.iter().map(copied).collect()
}

fn assert_independent(options: &str, extensions: &[&str]) {
    let workshop = Workshop::open();
    let copies = copies(&workshop, options, extensions, LOSSES);
    let wrong: Vec<String> = copies.iter().flat_map(|c| depend_on_others(c)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const MPEG2: &str = "-c:v mpeg2video -q:v 4 -g 25 -bf 2 -pix_fmt yuv420p";
const MPEG4: &str = "-c:v mpeg4 -q:v 4 -g 25 -bf 2 -pix_fmt yuv420p";
const HEVC: &str = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p \
                    -x265-params keyint=25:bframes=3:log-level=none";

/// The decoder gives what lost the later one of its references before the earlier one, and takes
/// other times for those of the frames after it.
#[test]
fn mpeg2_without_some_references_depends_on_nothing_else_that_is_asked() {
    assert_independent(MPEG2, &["mp4", "mkv", "ts"]);
}

#[test]
fn mpeg4_without_some_references_depends_on_nothing_else_that_is_asked() {
    assert_independent(MPEG4, &["mp4", "mkv"]);
}

/// Of Matroska no more is listed than what is asked for, so that more of what comes before a damaged
/// picture was known where others were asked for, too.
#[test]
fn hevc_without_some_references_depends_on_nothing_else_that_is_asked() {
    assert_independent(HEVC, &["mp4", "mkv", "ts"]);
}

/// What was said of missing references was taken for what is said at any seek.
#[test]
fn a_reference_that_is_lost_after_a_seek_marks_what_needs_it() {
    let workshop = Workshop::open();
    let h264 = format!("{H264} -bf 3 -x264-params ref=4");
    for clip in copies(&workshop, &h264, &["flv", "ts"], LOSSES) {
        for ffmpeg in ffmpegs() {
            let points: Vec<u64> = (55..95).step_by(5).map(|frame| frame * 40).collect();
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let marked = answer.pictures.iter().filter(|picture| picture.is_damaged);
            let marked = marked.count() + points.len() - answer.pictures.len();
            assert!(marked > 1, "{}, {}", clip.display(), ffmpeg.version);
        }
    }
}

/// How far the number of a frame is from that of its time. Of a picture that is marked nothing is
/// known.
fn shifts(answer: &Answer) -> BTreeSet<i64> {
    let whole = answer.pictures.iter().filter(|picture| !picture.is_damaged);
    let shift = |picture: &TakenPicture| {
        let raster = Raster::of_jpeg(&picture.bytes).unwrap();
        let number = barcode::read(raster.bytes(), raster.width, raster.height)?;
        Some(i64::from(number) - (picture.presentation_ms / 40.0).round() as i64)
    };
    whole.filter_map(shift).collect()
}

fn assert_one_clock(options: &str, extensions: &[&str]) {
    let workshop = Workshop::open();
    for clip in copies(
        &workshop,
        options,
        extensions,
        "-bsf:v noise=drop=eq(n\\,0)",
    ) {
        for ffmpeg in ffmpegs() {
            let points: Vec<u64> = (0..70).step_by(5).map(|frame| frame * 40).collect();
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let name = format!("{}, {}", clip.display(), ffmpeg.version);
            assert_eq!(shifts(&answer).len(), 1, "{name}: {:?}", shifts(&answer));
            let late = answer.pictures.iter().filter(|p| p.requested_ms > 1200);
            let is_marked = |picture: &TakenPicture| picture.is_damaged;
            assert_eq!(late.clone().filter(|p| is_marked(p)).count(), 0, "{name}");
            assert!(late.count() > 5, "{name}");
        }
    }
}

/// The decoder makes up a frame for it, with the time of the next reference.
#[test]
fn mpeg4_without_its_first_keyframe_is_shown_at_its_own_times() {
    assert_one_clock(MPEG4, &["mkv", "mp4"]);
}

#[test]
fn mpeg2_without_its_first_keyframe_is_shown_at_its_own_times() {
    assert_one_clock(MPEG2, &["mkv", "mp4", "ts"]);
}

/// What lacks it is not shown, and was heard nevertheless: the first group was marked.
#[test]
fn hevc_without_its_first_keyframe_begins_clean_with_the_next() {
    let workshop = Workshop::open();
    let clips = copies(&workshop, HEVC, &["ts"], "-bsf:v noise=drop=eq(n\\,0)");
    for ffmpeg in ffmpegs() {
        let answer = ask(&program(), &ffmpeg.path, &clips[0], &[1200, 1600], &[]);
        assert_eq!(answer.pictures.len(), 2);
        assert!(answer.pictures.iter().all(|picture| !picture.is_damaged));
    }
    // Older decoders make something of it.
    let newest = ffmpegs().last().unwrap().path.clone();
    let answer = ask(&program(), &newest, &clips[0], &[0, 400], &[]);
    assert!(answer.pictures.iter().all(|picture| !picture.is_damaged));
}

/// The decoder put a copy of another picture in its place and said nothing.
#[test]
fn h264_that_lost_a_reference_without_a_word_is_marked_until_the_next_keyframe() {
    let workshop = Workshop::open();
    let h264 = "-c:v libx264 -preset veryfast -g 10 -keyint_min 10 -sc_threshold 0 -bf 2 \
                -pix_fmt yuv420p -x264-params b-adapt=0";
    let extensions = ["mp4", "mkv", "ts"];
    // Frames 23, 26 and 29 are decoded before the two in front of each.
    for clip in copies(&workshop, h264, &extensions, "-bsf:v noise=drop=eq(n\\,21)") {
        for ffmpeg in ffmpegs() {
            let points = [17, 20, 24, 26, 28, 30, 36].map(|frame: u64| frame * 40);
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let marked = marked_frames(&answer);
            let name = format!("{}, {}", clip.display(), ffmpeg.version);
            assert_eq!(marked, [24, 26, 28], "{name}");
            let alone = ask(&program(), &ffmpeg.path, &clip, &points[3..4], &[]);
            assert!(alone.pictures[0].is_damaged, "{name}");
            assert!(
                alone.pictures[0].bytes == answer.at(points[3]).unwrap().bytes,
                "{name}"
            );
        }
    }
}

/// The frames, of 25 a second, whose pictures are marked.
fn marked_frames(answer: &Answer) -> Vec<u64> {
    let marked = answer.pictures.iter().filter(|picture| picture.is_damaged);
    marked.map(|picture| picture.requested_ms / 40).collect()
}

/// All pictures up to the next keyframe were marked, though the lost one is between two others and soon
/// given up: decoders say that it is not there then, which harms none.
#[test]
fn h264_that_lost_a_picture_between_two_is_marked_only_where_lists_may_hold_it() {
    let workshop = Workshop::open();
    let h264 = "-c:v libx264 -preset veryfast -g 30 -keyint_min 30 -sc_threshold 0 -bf 3 \
                -pix_fmt yuv420p -x264-params b-adapt=0:open-gop=1";
    let extensions = ["mp4", "ts", "flv"];
    // Frame 10, which 9 and 11 are decoded with, and in the list of 14 a copy of another is in its place.
    for clip in copies(&workshop, h264, &extensions, "-bsf:v noise=drop=eq(n\\,10)") {
        for ffmpeg in ffmpegs() {
            let points = [8, 9, 11, 12, 14, 16, 18, 26, 34].map(|frame: u64| frame * 40);
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let marked = marked_frames(&answer);
            let name = format!("{}, {}", clip.display(), ffmpeg.version);
            assert_eq!(marked, [9, 11, 14], "{name}");
            assert_eq!(
                depend_on(&answer, &ffmpeg.path, &clip, &points[4..6]),
                [0; 0],
                "{name}"
            );
        }
    }
}

/// A decoder that begins at a recovery point calls corrupt what is shown before it. That counted for all
/// that came behind, so that nothing was whole any more which no run from the very start showed to be.
#[test]
fn h264_that_lost_a_recovery_point_is_whole_from_the_next_on() {
    let workshop = Workshop::open();
    let h264 = "-c:v libx264 -preset veryfast -g 20 -keyint_min 20 -sc_threshold 0 -bf 3 \
                -pix_fmt yuv420p -x264-params b-adapt=0:open-gop=1";
    // The keyframe that frames 17 to 19 are shown before.
    for clip in copies(&workshop, h264, &["mp4"], "-bsf:v noise=drop=eq(n\\,17)") {
        for ffmpeg in ffmpegs() {
            let points = [8, 24, 30, 41, 45, 50, 70].map(|frame: u64| frame * 40);
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let marked = marked_frames(&answer);
            assert_eq!(marked, [24, 30], "{}", ffmpeg.version);
        }
    }
}
