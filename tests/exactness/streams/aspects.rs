//! Shapes of pixels that change on the way, and those that only the track header tells.

use super::check::{Expected, around_changes, assert_right, failures};
use super::headers::{turn_track, widen_track, without_aspect};
use super::make::{H264, Piece, Workshop, at};

#[test]
fn a_broadcast_turns_from_4_3_to_16_9() {
    let workshop = Workshop::open();
    // Without delay: ffmpeg 5 loses the frame that it holds back when the sequence changes.
    let mpeg2 = "-c:v mpeg2video -q:v 3 -bf 0 -flags +low_delay -pix_fmt yuv420p -aspect";
    let pieces = ["4:3", "16:9", "4:3"];
    let pieces = pieces.map(|aspect| Piece::new((360, 288), &format!("{mpeg2} {aspect}")));
    let clip = workshop.transport_stream(&pieces, "clip.ts");
    assert_right(
        &clip,
        &around_changes(&[(384, 288), (512, 288), (384, 288)]),
    );
}

const MPEG4: &str = "-c:v mpeg4 -q:v 3 -pix_fmt yuv420p";
const HEVC: &str = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none";

fn assert_h264(extension: &str) {
    let workshop = Workshop::open();
    let pieces =
        ["1", "2", "1"].map(|sar| Piece::new((160, 120), &format!("{H264} -vf setsar={sar}")));
    let clip = workshop.transport_stream(&pieces, "clip.ts");
    let clip = match extension {
        "ts" => clip,
        _ => workshop.inside(&clip, &format!("clip.{extension}")),
    };
    assert_right(
        &clip,
        &around_changes(&[(160, 120), (320, 120), (160, 120)]),
    );
}

/// AVI says it in a header of its own, `vprp`.
#[test]
fn the_display_aspect_of_an_avi_counts() {
    let workshop = Workshop::open();
    let piece = Piece::new((160, 120), "-c:v ffvhuff -pix_fmt yuv420p -aspect 16:9");
    let clip = workshop.piece(&piece, 0, "clip.avi");
    let bytes = std::fs::read(&clip).unwrap();
    assert!(bytes.windows(4).any(|name| name == b"vprp"));
    assert_right(&clip, &[Expected::new(at(4) + 17, 4, (213, 120))]);
}

#[test]
fn h264_turns_to_wide_pixels_in_a_transport_stream() {
    assert_h264("ts");
}

#[test]
fn h264_turns_to_wide_pixels_in_flv() {
    assert_h264("flv");
}

/// Without `pasp` or `vprp`: newer versions of ffmpeg show all of it in the shape that comes first.
fn assert_untold(options: &str, extension: &str, is_turned: bool, wide: (u64, u64)) {
    let workshop = Workshop::open();
    let pieces =
        ["1", "2", "1"].map(|sar| Piece::new((160, 120), &format!("{options} -vf setsar={sar}")));
    let stream = workshop.transport_stream(&pieces, "clip.ts");
    let options = match extension {
        // It would begin with empty chunks for the time before the first frame.
        "avi" => "-r 25 -output_ts_offset -1",
        _ => "",
    };
    let clip = workshop.copied(&stream, &format!("clip.{extension}"), options);
    without_aspect(&clip);
    if is_turned {
        turn_track(&clip);
    }
    let narrow = if is_turned { (120, 160) } else { (160, 120) };
    let mut expected = around_changes(&[narrow, wide, narrow]);
    if is_turned {
        // The number lies on its side.
        expected
            .iter_mut()
            .for_each(|expected| expected.number = None);
    }
    assert_right(&clip, &expected);
}

#[test]
fn h264_turns_to_wide_pixels_in_mp4_that_does_not_say_so() {
    assert_untold(H264, "mp4", false, (320, 120));
}

#[test]
fn hevc_turns_to_wide_pixels_in_mp4_that_does_not_say_so() {
    assert_untold(HEVC, "mp4", false, (320, 120));
    // Its height stays, as that of any picture does.
    assert_untold(HEVC, "mp4", true, (60, 160));
}

#[test]
fn mpeg_turns_to_wide_pixels_in_mp4_that_does_not_say_so() {
    assert_untold(MPEG4, "mp4", false, (320, 120));
    // Without delay: ffmpeg 5 loses the frame that it holds back when the sequence changes.
    let mpeg2 = "-c:v mpeg2video -q:v 3 -bf 0 -flags +low_delay -pix_fmt yuv420p";
    // The nearest that it can say: 2.21 to 1 for the whole picture.
    assert_untold(mpeg2, "mp4", false, (265, 120));
}

#[test]
fn mpeg4_turns_to_wide_pixels_in_avi_that_does_not_say_so() {
    assert_untold(MPEG4, "avi", false, (320, 120));
}

/// Lying, then upright: on the way of cutting the upright part was stretched to the lying one.
#[test]
fn what_was_lying_stands_upright_in_matroska() {
    let workshop = Workshop::open();
    let pieces = [(320, 240), (240, 320)].map(|size| Piece::new(size, H264));
    let clip = workshop.transport_stream(&pieces, "clip.ts");
    let clip = workshop.inside(&clip, "clip.mkv");
    assert_right(&clip, &around_changes(&[(320, 240), (240, 320)]));
}

/// Codecs of MP4, with the extension that can hold them.
const CODECS: [(&str, &str); 7] = [
    ("libx264 -preset ultrafast -pix_fmt yuv420p", "mp4"),
    (
        "libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none",
        "mp4",
    ),
    ("mpeg4 -q:v 3 -pix_fmt yuv420p", "mp4"),
    ("mjpeg -q:v 3 -pix_fmt yuvj420p", "mov"),
    ("prores_ks -profile:v 0 -pix_fmt yuv422p10le", "mov"),
    (
        "libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p",
        "mp4",
    ),
    (
        "libaom-av1 -usage realtime -cpu-used 8 -pix_fmt yuv420p",
        "mp4",
    ),
];

#[test]
fn a_track_header_twice_as_wide_stretches_seven_codecs() {
    let workshop = Workshop::open();
    let mut wrong = Vec::new();
    for (codec, extension) in CODECS {
        let options = format!("-vf setsar=0 -c:v {codec}");
        let piece = Piece::new((160, 120), &options);
        let codec = codec.split(' ').next().unwrap();
        let clip = workshop.piece(&piece, 0, &format!("{codec}.{extension}"));
        widen_track(&clip, 320);
        let expected = [0, 3, 7].map(|number| Expected::new(at(number), number, (320, 120)));
        wrong.extend(failures(&clip, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
