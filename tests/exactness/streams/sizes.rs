//! Sizes that change at keyframes: each picture has its own frame's, whole.

use super::check::{Expected, against_recipe, around_changes, assert_right, failures, program};
use super::make::{H264, Piece, Workshop, at};
use support::clips::ffmpegs;
use support::judge::program::ask;

const UP: [(usize, usize); 2] = [(64, 48), (1280, 720)];
const BACK_AND_FORTH: [(usize, usize); 5] =
    [(320, 240), (640, 360), (320, 240), (176, 240), (640, 360)];

fn pieces(sizes: &[(usize, usize)], options: &str) -> Vec<Piece> {
    sizes
        .iter()
        .map(|&size| Piece::new(size, options))
        .collect()
}

fn shown(sizes: &[(usize, usize)]) -> Vec<(u64, u64)> {
    sizes.iter().map(|&(w, h)| (w as u64, h as u64)).collect()
}

fn assert_transport_stream(sizes: &[(usize, usize)], options: &str) {
    let workshop = Workshop::open();
    let clip = workshop.transport_stream(&pieces(sizes, options), "clip.ts");
    assert_right(&clip, &around_changes(&shown(sizes)));
}

fn assert_h264_inside(extension: &str) {
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    for sizes in [&UP[..], &BACK_AND_FORTH[..3]] {
        let stream = workshop.transport_stream(&pieces(sizes, H264), "clip.ts");
        let clip = workshop.inside(&stream, &format!("clip.{extension}"));
        wrong.extend(failures(&clip, &around_changes(&shown(sizes))));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn h264_grows_from_64x48_to_1280x720_in_a_transport_stream() {
    assert_transport_stream(&UP, H264);
}

#[test]
fn h264_changes_back_and_forth_in_a_transport_stream() {
    assert_transport_stream(&BACK_AND_FORTH, H264);
}

#[test]
fn h264_changes_in_flv() {
    assert_h264_inside("flv");
}

#[test]
fn h264_changes_in_matroska_with_headers_in_the_stream() {
    assert_h264_inside("mkv");
}

#[test]
fn h264_changes_in_mp4_with_headers_in_the_stream() {
    assert_h264_inside("mp4");
}

#[test]
fn hevc_changes_in_a_transport_stream() {
    let hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none";
    assert_transport_stream(&BACK_AND_FORTH[..3], hevc);
}

#[test]
fn mpeg_2_changes_in_a_transport_stream() {
    // Without delay: ffmpeg 5 loses the frame that it holds back when the sequence changes.
    let mpeg2 = "-c:v mpeg2video -q:v 3 -bf 0 -flags +low_delay -pix_fmt yuv420p";
    assert_transport_stream(&BACK_AND_FORTH[..3], mpeg2);
}

#[test]
fn mpeg_4_changes_in_a_transport_stream() {
    let mpeg4 = "-c:v mpeg4 -q:v 3 -pix_fmt yuv420p";
    assert_transport_stream(&BACK_AND_FORTH[..3], mpeg4);
}

fn assert_joined(extension: &str, options: &str) {
    let workshop = Workshop::open();
    let sizes = &BACK_AND_FORTH[..3];
    let clip = workshop.concatenated(&pieces(sizes, options), extension);
    assert_right(&clip, &around_changes(&shown(sizes)));
}

#[test]
fn vp9_changes_at_keyframes_in_webm() {
    assert_joined(
        "webm",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p",
    );
}

#[test]
fn vp8_changes_at_keyframes_in_webm() {
    assert_joined(
        "webm",
        "-c:v libvpx -deadline realtime -cpu-used 8 -pix_fmt yuv420p",
    );
}

#[test]
fn av1_changes_at_keyframes_in_matroska() {
    assert_joined(
        "mkv",
        "-c:v libaom-av1 -usage realtime -cpu-used 8 -pix_fmt yuv420p",
    );
}

/// One side, or both, was asked for: the first half is 4:3, the second 16:9.
#[test]
fn the_side_that_was_not_given_follows_each_frame() {
    let workshop = Workshop::open();
    let clip = workshop.transport_stream(&pieces(&BACK_AND_FORTH[..3], H264), "clip.ts");
    let cases = [
        ("--width 160", [(160, 120), (160, 90), (160, 120)]),
        ("--height 180", [(240, 180), (320, 180), (240, 180)]),
        ("--width 200 --height 160", [(200, 160); 3]),
    ];
    let mut wrong = Vec::new();
    for (options, shown) in cases {
        let expected = around_changes(&shown);
        let points: Vec<u64> = expected.iter().map(|expected| expected.at_ms).collect();
        let more: Vec<String> = options.split(' ').map(str::to_owned).collect();
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &more);
            let told = |wrong| format!("{options}, {}: {wrong}", ffmpeg.version);
            wrong.extend(against_recipe(&answer, &expected).into_iter().map(told));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Right before and after a change, asked for alone and in another order.
#[test]
fn what_else_is_asked_for_changes_nothing() {
    let workshop = Workshop::open();
    let clip = workshop.transport_stream(&pieces(&BACK_AND_FORTH[..3], H264), "clip.ts");
    let points = [at(16), at(8), 0, at(15), at(7), at(20)];
    for ffmpeg in ffmpegs() {
        let all = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
        for point in points {
            let alone = ask(&program(), &ffmpeg.path, &clip, &[point], &[]);
            let bytes = |answer: &support::judge::program::Answer| {
                answer.at(point).map(|picture| picture.bytes.clone())
            };
            assert!(bytes(&alone).is_some(), "{point} with {ffmpeg}");
            assert_eq!(bytes(&alone), bytes(&all), "{point} with {ffmpeg}");
        }
        let last = Expected::new(at(20), 20, (320, 240));
        assert_eq!(against_recipe(&all, &[last]), [] as [String; 0]);
    }
}

/// The decoder holds it back until it knows what is shown before it, and drops it where another size
/// begins: a plain decode lacks it. It is coded, and ISO/IEC 13818-2 has it shown.
#[test]
fn the_last_picture_of_mpeg2_before_another_size_is_shown() {
    let workshop = Workshop::open();
    let mpeg2 = "-c:v mpeg2video -q:v 3 -bf 2 -pix_fmt yuv420p";
    let stream = workshop.transport_stream(&pieces(&[(320, 240), (480, 360)], mpeg2), "clip.ts");
    let clip = workshop.inside(&stream, "clip.mkv");
    let expected = [
        Expected::new(at(6), 6, (320, 240)),
        Expected::new(at(7) + 39, 7, (320, 240)),
        Expected::new(at(8), 8, (480, 360)),
    ];
    for ffmpeg in ffmpegs() {
        let points = expected.map(|expected| expected.at_ms);
        let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
        let wrong = against_recipe(&answer, &expected);
        assert!(wrong.is_empty(), "{}: {}", ffmpeg.version, wrong.join("\n"));
    }
}
