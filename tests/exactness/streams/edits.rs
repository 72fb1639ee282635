//! Edit lists: the frame on the screen when an edit begins is shown from then on, however the video
//! is read. ffmpeg hides it.

use super::check::{Expected, failures, program};
use super::headers::set_edits;
use super::make::{FRAME_MS, H264, Piece, Workshop};
use std::fs;
use std::path::{Path, PathBuf};
use support::clips::ffmpegs;
use support::judge::program::ask;

/// By which the offsets of a stream with B-frames move its first frame.
const FIRST_OFFSET_MS: u64 = 40;

const SIZE: (usize, usize) = (320, 240);
const SHOWN: (u64, u64) = (320, 240);
const FRAMES: u16 = 24;

/// Where it begins, ms after the first frame, none being empty; how long it lasts, ms.
type Edit = (Option<u64>, u64);

const ONE: [Edit; 1] = [(Some(130), 500)];
/// Between two keyframes of a group of 24 frames.
const AMID: [Edit; 1] = [(Some(725), 150)];
const AFTER_NOTHING: [Edit; 2] = [(None, 750), (Some(335), 400)];
const TWO: [Edit; 2] = [(Some(130), 215), (Some(575), 250)];
const PAUSED: [Edit; 4] = [(None, 300), (Some(90), 110), (None, 200), (Some(490), 190)];
/// The second goes back, and shows again what the first has shown.
const BACK: [Edit; 4] = [
    (Some(610), 145),
    (Some(90), 100),
    (None, 200),
    (Some(630), 90),
];
const ALL: [&[Edit]; 6] = [&ONE, &AMID, &AFTER_NOTHING, &TWO, &PAUSED, &BACK];

/// What is to be seen so many ms after the first frame.
fn number_at(edits: &[Edit], at_ms: u64) -> u16 {
    let empty = edits.iter().take_while(|edit| edit.0.is_none());
    let mut left = at_ms + empty.map(|edit| edit.1).sum::<u64>();
    let mut seen = 0;
    for &(start, ms) in edits {
        // While there is nothing to see, what was last seen stays.
        if let Some(start) = start {
            seen = (start + left.min(ms - 1)) / FRAME_MS;
        }
        if left < ms {
            break;
        }
        left -= ms;
    }
    u16::try_from(seen).unwrap()
}

/// At both ends of each edit, and around the frame after the one that it cuts.
fn expected(edits: &[Edit]) -> (Vec<Expected>, u64) {
    let (mut points, mut begins) = (Vec::new(), 0);
    for &(start, ms) in edits {
        match start {
            None if points.is_empty() => continue,
            None => points.push(begins + ms / 2),
            Some(start) => {
                let next = FRAME_MS - start % FRAME_MS;
                let within = [0, next - 1, next, next + 17, ms - 1];
                points.extend(within.map(|within| begins + within));
            }
        }
        begins += ms;
    }
    let seen = |at: u64| Expected::new(at, number_at(edits, at), SHOWN);
    (points.into_iter().map(seen).collect(), begins)
}

fn wrong(clip: &Path, edits: &[Edit]) -> Vec<String> {
    let (expected, duration_ms) = expected(edits);
    let mut wrong = failures(clip, &expected);
    for ffmpeg in ffmpegs() {
        let answer = ask(&program(), &ffmpeg.path, clip, &[0], &[]);
        if answer.duration_ms != duration_ms {
            let (name, is) = (clip.display(), answer.duration_ms);
            wrong.push(format!(
                "{name}, {}: {is} of {duration_ms} ms",
                ffmpeg.version
            ));
        }
    }
    wrong
        .iter()
        .map(|wrong| format!("{edits:?} {wrong}"))
        .collect()
}

fn plain(workshop: &Workshop, options: &str, name: &str) -> PathBuf {
    let mut piece = Piece::new(SIZE, options);
    piece.frames = FRAMES;
    workshop.piece(&piece, 0, name)
}

fn assert_edits(name: &str, options: &str, lists: &[&[Edit]]) {
    let workshop = Workshop::open();
    let plain = plain(&workshop, options, &format!("plain-{name}"));
    let mut all = Vec::new();
    for (nth, edits) in lists.iter().enumerate() {
        let clip = workshop.path(&format!("{nth}-{name}"));
        std::fs::copy(&plain, &clip).unwrap();
        set_edits(&clip, edits);
        all.extend(wrong(&clip, edits));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

/// Their pictures are judged with the others'.
#[test]
fn several_parts_are_cut_as_one_is_unless_they_go_back() {
    let workshop = Workshop::open();
    let plain = plain(&workshop, &format!("{H264} -g 24"), "plain.mp4");
    for (edits, path) in [(&TWO[..], "cut"), (&PAUSED, "cut"), (&BACK, "seek")] {
        let clip = workshop.path("clip.mp4");
        std::fs::copy(&plain, &clip).unwrap();
        set_edits(&clip, edits);
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &[0, 300], &[]);
            assert_eq!(answer.path_taken, path, "{edits:?}, {}", ffmpeg.version);
        }
    }
}

#[test]
fn edits_cut_frames_of_a_stream_with_b_frames() {
    assert_edits("b.mp4", &format!("{H264} -g 24"), &ALL);
}

#[test]
fn edits_cut_frames_that_are_shown_as_they_are_decoded() {
    assert_edits(
        "no-b.mp4",
        &format!("{H264} -bf 0 -g 8"),
        &[&AMID, &AFTER_NOTHING],
    );
}

#[test]
fn edits_cut_frames_where_no_demuxer_of_ours_reads_them() {
    assert_edits("ffv1.mov", "-c:v ffv1 -pix_fmt yuv420p", &[&ONE, &TWO]);
}

#[test]
fn edits_cut_frames_of_groups_where_no_demuxer_of_ours_reads_them() {
    let options = "-c:v msmpeg4 -g 24 -q:v 3 -pix_fmt yuv420p";
    assert_edits("group.mov", options, &[&AMID, &BACK]);
}

#[test]
fn edits_cut_frames_with_negative_offsets() {
    let options = format!("{H264} -g 8 -movflags negative_cts_offsets");
    assert_edits("negative.mp4", &options, &[&ONE, &TWO]);
}

#[test]
fn edits_cut_frames_in_fragments() {
    // The last edit of fragments lasts as long as they do.
    let to_the_end: [&[Edit]; 3] = [
        &[(Some(130), 830)],
        &[(None, 750), (Some(335), 625)],
        &[(Some(130), 215), (Some(575), 385)],
    ];
    let options = format!("{H264} -g 8 -movflags frag_keyframe+default_base_moof+delay_moov");
    assert_edits("fragments.mp4", &options, &to_the_end);
    let options =
        "-c:v ffv1 -pix_fmt yuv420p -g 4 -movflags frag_keyframe+default_base_moof+empty_moov";
    assert_edits("fragments.mov", options, &to_the_end[1..]);
}

/// An edit that begins with a keyframe, in decoding order, of a file that lost its offsets for
/// composition: the pictures that are shown before it were gone, and the next one came 160 ms late.
#[test]
fn an_edit_by_wrong_times_begins_with_what_is_shown_then() {
    let workshop = Workshop::open();
    let clip = plain(
        &workshop,
        "-c:v mpeg4 -q:v 3 -bf 2 -g 12 -pix_fmt yuv420p",
        "clip.mp4",
    );
    // Where the first frame is, the muxer's own edit begins.
    set_edits(&clip, &[(Some(12 * FRAME_MS - FIRST_OFFSET_MS), 400)]);
    let mut bytes = fs::read(&clip).unwrap();
    let ctts = bytes.windows(4).position(|kind| kind == b"ctts").unwrap();
    bytes[ctts..ctts + 4].copy_from_slice(b"free");
    fs::write(&clip, bytes).unwrap();
    // What is shown before the keyframe; what comes later the judge tells.
    let mut expected = vec![Expected::new(0, 11, SHOWN)];
    expected.extend([40, 100, 160, 240, 399].map(|at_ms| Expected {
        number: None,
        ..Expected::new(at_ms, 0, SHOWN)
    }));
    let wrong = failures(&clip, &expected);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
