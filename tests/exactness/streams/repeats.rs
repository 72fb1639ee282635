//! Frames with one time: the last one is shown, and no other frame moves.

use super::check::{Expected, failures, program};
use super::make::{H264, Piece, Workshop, at};
use std::fs;
use std::path::PathBuf;
use support::clips::ffmpegs;
use support::judge::program::ask;

const SIZE: (usize, usize) = (320, 240);
const SHOWN: (u64, u64) = (320, 240);

fn stream(workshop: &Workshop, frames: u16, options: &str, name: &str) -> PathBuf {
    let mut piece = Piece::new(SIZE, options);
    piece.frames = frames;
    workshop.piece(&piece, 0, name)
}

/// Decoding times follow closely: ffmpeg goes by them once two frames have one time.
/// Frame 2n has the time of frame 2n + 1, 80 ms from pair to pair.
fn assert_pairs(extension: &str, options: &str) {
    let workshop = Workshop::open();
    let plain = stream(&workshop, 24, options, &format!("plain.{extension}"));
    let pairs = "pts=floor(N/2)*0.08/TB:dts='(floor(N/2)*0.08-0.001*(1-mod(N,2)))/TB'";
    let clip = workshop.retimed(&plain, &format!("pairs.{extension}"), pairs);
    let pair = |pair: u16, after: u64| Expected::new(2 * at(pair) + after, 2 * pair + 1, SHOWN);
    let expected = [
        pair(0, 0),
        pair(1, 0),
        pair(2, 60),
        pair(5, 17),
        pair(8, 0),
        pair(11, 0),
    ];
    let wrong = failures(&clip, &expected);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn of_two_frames_with_one_time_the_later_is_shown_in_webm() {
    assert_pairs(
        "webm",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p -g 8 -lag-in-frames 0",
    );
}

#[test]
fn of_two_frames_with_one_time_the_later_is_shown_in_matroska() {
    assert_pairs("mkv", &format!("{H264} -bf 0 -g 8"));
}

#[test]
fn of_two_frames_with_one_time_the_later_is_shown_in_mp4() {
    assert_pairs("mp4", &format!("{H264} -bf 0 -g 8"));
}

/// A pair in the middle of a clean clip: nothing else moves.
#[test]
fn one_pair_with_one_time_moves_no_other_frame() {
    let workshop = Workshop::open();
    let options = format!("{H264} -bf 0 -g 8");
    let plain = stream(&workshop, 24, &options, "plain.mp4");
    let mut wrong = Vec::new();
    for extension in ["mkv", "mp4"] {
        let one = "pts='(N-eq(N,11))*0.04/TB':dts='(N-lte(N,11))*0.04/TB'";
        let clip = workshop.retimed(&plain, &format!("pair.{extension}"), one);
        let expected = [(0, 0), (9, 9), (10, 11), (11, 11), (12, 12), (23, 23)];
        let expected = expected.map(|(time, number)| Expected::new(at(time), number, SHOWN));
        wrong.extend(failures(&clip, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Equal times are no reason to decode everything.
#[test]
fn a_pair_with_one_time_is_still_cut() {
    let workshop = Workshop::open();
    let plain = stream(&workshop, 24, &format!("{H264} -bf 0 -g 8"), "plain.mp4");
    for extension in ["mkv", "mp4"] {
        let one = "pts='(N-eq(N,11))*0.04/TB':dts='(N-lte(N,11))*0.04/TB'";
        let clip = workshop.retimed(&plain, &format!("pair.{extension}"), one);
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &[at(13)], &[]);
            assert_eq!(answer.path_taken, "cut", "{extension} with {ffmpeg}");
        }
    }
}

/// The bytes of each access unit of a stream with one slice a frame.
fn access_units(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut starts: Vec<usize> = bytes
        .windows(3)
        .enumerate()
        .filter_map(|(at, code)| (code == [0, 0, 1]).then_some(at))
        .collect();
    starts.push(bytes.len());
    let mut units = vec![Vec::new()];
    for pair in starts.windows(2) {
        let nal = &bytes[pair[0]..pair[1]];
        units.last_mut().unwrap().extend(nal);
        if matches!(nal[3] & 0x1f, 1 | 5) {
            units.push(Vec::new());
        }
    }
    units.pop();
    units
}

/// As senders do that have lost their receiver: the third keyframe comes twice, with one time.
#[test]
fn a_keyframe_that_is_sent_twice_moves_no_other_frame() {
    let workshop = Workshop::open();
    let options = format!("{H264} -bf 0 -g 8 -x264-params slices=1:sliced-threads=0");
    let plain = stream(&workshop, 24, &options, "plain.h264");
    let mut units = access_units(&fs::read(plain).unwrap());
    assert_eq!(units.len(), 24);
    units.insert(16, units[16].clone());
    let twice = workshop.path("twice.h264");
    fs::write(&twice, units.concat()).unwrap();
    let regular = workshop.inside(&twice, "regular.mp4");
    let mut wrong = Vec::new();
    for extension in ["mkv", "ts"] {
        let times = "pts='(N-gt(N,16))*0.04/TB':dts=(N-1)*0.04/TB";
        let clip = workshop.retimed(&regular, &format!("twice.{extension}"), times);
        let expected = [0, 8, 15, 16, 17, 20, 23];
        let expected = expected.map(|number| Expected::new(at(number), number, SHOWN));
        wrong.extend(failures(&clip, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
