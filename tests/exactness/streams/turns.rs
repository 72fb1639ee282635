//! Orientation in the stream itself: it holds for all frames, not only for those that say it.

use super::check::{Expected, against_recipe, failures, program};
use super::headers::turn_track;
use super::make::{H264, Piece, Workshop, at};
use std::process::Command;
use support::clips::ffmpegs;
use support::judge::program::ask;

/// In which every frame after the first keyframe was upright again.
fn assert_turned(extension: &str) {
    let workshop = Workshop::open();
    let options = format!("{H264} -g 4");
    let mut piece = Piece::new((320, 240), &options);
    piece.frames = 12;
    let upright = workshop.piece(&piece, 0, "upright.mp4");
    let turn = "-bsf:v h264_metadata=display_orientation=insert:rotate=90";
    let clip = workshop.copied(&upright, &format!("turned.{extension}"), turn);
    // Lying on its side no number is read: the judge compares with the frame, turned. ffmpeg 5.1
    // gives the last two frames of the transport stream one time.
    let expected = [0, 1, 3, 4, 6, 9].map(|number| Expected {
        at_ms: at(number),
        number: None,
        size: (240, 320),
    });
    let wrong = failures(&clip, &expected);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_message_turns_all_frames_in_mp4() {
    assert_turned("mp4");
}

#[test]
fn a_message_turns_all_frames_in_a_transport_stream() {
    assert_turned("ts");
}

#[test]
fn a_message_turns_all_frames_in_matroska() {
    assert_turned("mkv");
}

/// A container that has no word for it.
#[test]
fn a_message_turns_all_frames_in_flv() {
    assert_turned("flv");
}

/// The message and the container say different things. Plain ffmpeg 9 decodes nothing of it, and 5.1
/// turns only the frames that come with the message.
#[test]
fn a_message_goes_before_the_container() {
    let workshop = Workshop::open();
    // Upside down, so that the message puts it right.
    let options = format!("{H264} -g 4 -vf hflip,vflip");
    let piece = Piece::new((320, 240), &options);
    let plain = workshop.piece(&piece, 0, "plain.mp4");
    let turn = "-bsf:v h264_metadata=display_orientation=insert:rotate=180";
    let clip = workshop.copied(&plain, "both.mp4", turn);
    turn_track(&clip);
    let inside = workshop.path("both.mkv");
    let ffmpegs = ffmpegs();
    // Others don't write into Matroska how it is turned.
    if let Some(newest) = ffmpegs.iter().find(|ffmpeg| ffmpeg.version.filters_input()) {
        let mut copy = Command::new(&newest.path);
        copy.args(["-nostdin", "-loglevel", "error", "-y", "-i"]);
        copy.arg(&clip).args(["-c", "copy"]).arg(&inside);
        assert!(copy.status().unwrap().success());
    }
    let expected = [0, 1, 3, 4, 6].map(|number| Expected::new(at(number), number, (320, 240)));
    let points = expected.map(|expected| expected.at_ms);
    for clip in [clip, inside].iter().filter(|clip| clip.exists()) {
        for ffmpeg in &ffmpegs {
            let answer = ask(&program(), &ffmpeg.path, clip, &points, &[]);
            let wrong = against_recipe(&answer, &expected);
            assert!(wrong.is_empty(), "{clip:?}, {}: {wrong:?}", ffmpeg.version);
        }
    }
}
