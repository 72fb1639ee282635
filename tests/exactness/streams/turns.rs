//! Orientation in the stream itself: it holds for all frames, not only for those that say it.

use super::check::Expected;
use super::check::failures;
use super::make::{H264, Piece, Workshop, at};

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
