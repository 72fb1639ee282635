//! Transport streams as they are received: packets that come twice, clocks that jump, holes, and
//! beginnings that are gone.

use super::check::program;
use super::make::{FRAME_MS, Piece, Workshop, at};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use support::barcode;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::program::{Answer, TakenPicture, ask};
use support::judge::raster::Raster;

const SIZE: (usize, usize) = (320, 240);
const H264: &str = "-c:v libx264 -preset ultrafast -g 50 -bf 3 -b_strategy 0 -sc_threshold 0 \
                    -pix_fmt yuv420p";
const MPEG2: &str = "-c:v mpeg2video -g 12 -bf 2 -q:v 4 -pix_fmt yuv420p";
const HEVC: &str = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params \
                    keyint=25:min-keyint=25:scenecut=0:bframes=3:open-gop=1:log-level=none";

fn clip(workshop: &Workshop, options: &str, frames: u16) -> PathBuf {
    let mut piece = Piece::new(SIZE, options);
    piece.frames = frames;
    workshop.piece(&piece, 0, "clip.ts")
}

/// What tells whether a picture is the same: bytes, mark and time.
fn traits(answer: &Answer, at_ms: u64) -> Option<(u64, bool, Vec<u8>)> {
    let TakenPicture {
        presentation_ms,
        is_damaged,
        bytes,
        ..
    } = answer.at(at_ms)?;
    Some((presentation_ms.to_bits(), *is_damaged, bytes.clone()))
}

/// Each third packet that holds something comes once more.
fn with_repeats(clip: &Path, path: &Path) {
    let packets = fs::read(clip).unwrap();
    let twice = packets.chunks(188).enumerate().flat_map(|(nth, packet)| {
        let is_twice = nth % 3 == 1 && packet[3] & 0x10 != 0;
        packet.repeat(1 + usize::from(is_twice))
    });
    fs::write(path, twice.collect::<Vec<u8>>()).unwrap();
}

/// They left the index, and ffmpeg's demuxer damages pictures with them.
#[test]
fn packets_that_are_sent_twice_damage_no_picture() {
    for options in [H264, MPEG2] {
        let workshop = Workshop::open();
        let once = clip(&workshop, options, 60);
        let twice = workshop.path("twice.ts");
        with_repeats(&once, &twice);
        let points = [0, at(13), at(31), at(59)];
        for ffmpeg in ffmpegs() {
            let ask = |clip: &Path| ask(&program(), &ffmpeg.path, clip, &points, &[]);
            let (expected, answer) = (ask(&once), ask(&twice));
            assert_eq!(answer.path_taken, "cut", "{options}, {}", ffmpeg.version);
            assert_eq!(answer.duration_ms, expected.duration_ms);
            for at_ms in points {
                let (is, right) = (traits(&answer, at_ms), traits(&expected, at_ms));
                assert!(is == right, "{options}, {}: at {at_ms}", ffmpeg.version);
                assert!(!is.unwrap().1);
            }
        }
    }
}

/// The points of which a picture among others is another one than alone.
fn depend_on_others(clip: &Path, points: &[u64]) -> Vec<String> {
    let mut failures = Vec::new();
    for ffmpeg in ffmpegs() {
        let ask = |points: &[u64]| ask(&program(), &ffmpeg.path, clip, points, &[]);
        let together = ask(points);
        for &at_ms in points {
            if traits(&ask(&[at_ms]), at_ms) != traits(&together, at_ms) {
                let name = clip.file_name().unwrap().to_string_lossy();
                failures.push(format!("{name}, {}: at {at_ms}", ffmpeg.version));
            }
        }
    }
    failures
}

/// The picture before which others are shown that are decoded after it was taken for the one shown
/// then, as long as none of these others was asked for.
#[test]
fn a_clock_that_jumps_among_reordered_pictures_shows_what_the_decoder_gives() {
    let workshop = Workshop::open();
    let whole = clip(&workshop, H264, 100);
    let (mut wrong, judge) = (Vec::new(), Judge::of(program()));
    for later_ms in [100, 2000] {
        let jump = format!("if(gte(N\\,62)\\,{}\\,0)", later_ms * 90);
        let times = format!("pts=PTS+{jump}:dts=DTS+{jump}");
        let clip = workshop.copied(
            &whole,
            &format!("jump-{later_ms}.ts"),
            &format!("-bsf:v setts={times}"),
        );
        let points: Vec<u64> = (62..65).map(at).collect();
        wrong.extend(depend_on_others(&clip, &points));
        let points: BTreeSet<u64> = (60..66).map(at).collect();
        for ffmpeg in ffmpegs() {
            let report = judge.judge_at(&ffmpeg.path, &clip, &points);
            if !report.is_ok() {
                wrong.push(format!(
                    "{later_ms} ms, {}: {}",
                    ffmpeg.version,
                    report.verdict()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Packets count on over it, as they do where a server left out pictures.
#[test]
fn a_hole_of_98_pictures_depends_on_nothing_else_that_is_asked() {
    let workshop = Workshop::open();
    let whole = clip(&workshop, H264, 220);
    let hole = "-bsf:v noise=drop=between(n\\,65\\,162)";
    let clip = workshop.copied(&whole, "hole.ts", hole);
    let points = [60, 64, 150, 163, 166, 180].map(at);
    let wrong = depend_on_others(&clip, &points);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn number(picture: &TakenPicture) -> Option<u16> {
    let raster = Raster::of_jpeg(&picture.bytes).unwrap();
    barcode::read(raster.bytes(), raster.width, raster.height)
}

/// ffmpeg listed all of it, and far ones were read twice. Its first frame is the first keyframe.
#[test]
fn a_recording_that_begins_with_an_open_group_is_cut() {
    let open = "-x264-params open-gop=1";
    // How many pictures are gone: up to a keyframe, or amid a group.
    for (options, gone) in [
        (format!("{H264} {open}"), 30),
        (MPEG2.to_owned(), 10),
        (HEVC.to_owned(), 20),
    ] {
        let workshop = Workshop::open();
        let whole = clip(&workshop, &options, 120);
        let losses = format!("-bsf:v noise=drop=lt(n\\,{gone})");
        let clip = workshop.copied(&whole, "recording.ts", &losses);
        let points = [0, 7, 16].map(|frame| frame * FRAME_MS);
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let what = format!("{options}, {}", ffmpeg.version);
            assert_eq!(answer.path_taken, "cut", "{what}");
            let numbers = points.map(|at_ms| number(answer.at(at_ms).unwrap()));
            let first = numbers[0].unwrap();
            assert!(u64::from(first) >= gone, "{what}: {first}");
            let expected = [0, 7, 16].map(|after| Some(first + after));
            assert_eq!(numbers, expected, "{what}");
            assert!(answer.pictures.iter().all(|p| !p.is_damaged), "{what}");
            // Of HEVC before its first keyframe older decoders make grey frames.
            if options != HEVC {
                let points: BTreeSet<u64> = points.into_iter().collect();
                let report = Judge::of(program()).judge_at(&ffmpeg.path, &clip, &points);
                assert!(report.is_ok(), "{what}: {}", report.verdict());
            }
        }
    }
}
