//! Pixel formats that change on the way: depth, chroma, fields.

use super::check::{Expected, around_changes, assert_right, program};
use super::make::{Piece, Workshop, at};
use std::fs;
use support::clips::ffmpegs;
use support::judge::program::ask;

const SIZE: (usize, usize) = (320, 240);

fn assert_formats(options: &[&str]) {
    let workshop = Workshop::open();
    let pieces: Vec<Piece> = options
        .iter()
        .map(|options| Piece::new(SIZE, &format!("-c:v libx264 -preset ultrafast {options}")))
        .collect();
    let clip = workshop.transport_stream(&pieces, "clip.ts");
    let shown = vec![(SIZE.0 as u64, SIZE.1 as u64); pieces.len()];
    assert_right(&clip, &around_changes(&shown));
}

#[test]
fn eight_bits_become_ten() {
    assert_formats(&["-pix_fmt yuv420p", "-pix_fmt yuv420p10le"]);
}

#[test]
fn ten_bits_become_eight_and_ten_again() {
    let ten = "-pix_fmt yuv420p10le";
    assert_formats(&[ten, "-pix_fmt yuv420p", ten]);
}

#[test]
fn chroma_grows_from_420_to_422_to_444() {
    assert_formats(&["-pix_fmt yuv420p", "-pix_fmt yuv422p", "-pix_fmt yuv444p"]);
}

#[test]
fn chroma_shrinks_from_444_to_420() {
    assert_formats(&["-pix_fmt yuv444p", "-pix_fmt yuv420p"]);
}

#[test]
fn progressive_becomes_interlaced_and_back() {
    let progressive = "-pix_fmt yuv420p";
    let fields = "-pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1";
    assert_formats(&[progressive, fields, progressive]);
}

/// Tapes and editing programs give codecs names of their own in a MOV.
#[test]
fn cameras_and_editors_names_of_codecs_are_cut() {
    let workshop = Workshop::open();
    for (options, name) in [
        ("-c:v mpeg2video -bf 2 -g 8 -vtag xdv7", "clip.mov"),
        ("-c:v mpeg2video -bf 2 -g 8 -vtag hdv3", "clip.mov"),
        ("-c:v cfhd", "clip.mov"),
        (
            "-c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p",
            "clip.mov",
        ),
        ("-c:v prores_ks -pix_fmt yuv422p10le", "clip.mkv"),
        ("-c:v ffv1 -level 3 -g 8 -pix_fmt gbrp10le", "clip.mkv"),
        ("-c:v huffyuv -pix_fmt rgb24", "clip.mkv"),
        ("-c:v cfhd -pix_fmt yuv422p10le", "clip.mkv"),
        (
            "-c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p",
            "clip.mkv",
        ),
    ] {
        let mut piece = Piece::new(SIZE, options);
        piece.frames = 12;
        let clip = workshop.piece(&piece, 0, name);
        let size = (SIZE.0 as u64, SIZE.1 as u64);
        assert_right(
            &clip,
            &[2, 9].map(|frame| Expected::new(at(frame), frame, size)),
        );
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &[at(9)], &[]);
            assert_eq!(answer.path_taken, "cut", "{options}, {}", ffmpeg.version);
        }
    }
}

/// Builds of x264 before 151 coded 4:4:4 in a way of their own, which decoders know only by the text
/// at the start. What is coded here is not, so that pictures look broken; but all alike.
#[test]
fn an_old_encoder_of_444_is_made_up_for_in_the_midst_of_a_file_that_is_cut() {
    let workshop = Workshop::open();
    let mut piece = Piece::new(SIZE, "-c:v libx264 -g 8 -bf 2 -pix_fmt yuv444p");
    piece.frames = 24;
    for (name, build) in [("new.mp4", None), ("old.mp4", Some(b"core 142"))] {
        let clip = workshop.piece(&piece, 0, name);
        let mut bytes = fs::read(&clip).unwrap();
        let is_said = |window: &[u8]| window.starts_with(b"x264 - core ");
        let said_at = bytes.windows(12).position(is_said).unwrap() + 7;
        if let Some(build) = build {
            bytes[said_at..said_at + build.len()].copy_from_slice(build);
            fs::write(&clip, bytes).unwrap();
        }
        let size = (SIZE.0 as u64, SIZE.1 as u64);
        let number = |frame| build.is_none().then_some(frame);
        let expected = [3, 11, 17, 22].map(|frame| Expected {
            number: number(frame),
            ..Expected::new(at(frame), frame, size)
        });
        assert_right(&clip, &expected);
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &[at(17)], &[]);
            assert_eq!(answer.path_taken, "cut", "{name}, {}", ffmpeg.version);
        }
    }
}
