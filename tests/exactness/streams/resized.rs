//! AV1 that codes frames smaller than they are shown, or smaller on the way.

use super::check::{Expected, failures};
use super::make::{Piece, Workshop, at};
use support::judge::frames::PlainDecode;

const SIZE: (usize, usize) = (320, 240);

/// The size is what a plain decode shows: encoders choose where they change it.
fn assert_numbers(parameters: &str) {
    let workshop = Workshop::open();
    let options =
        format!("-c:v libsvtav1 -preset 10 -pix_fmt yuv420p -g 6 -svtav1-params {parameters}");
    let mut piece = Piece::new(SIZE, &options);
    piece.frames = 12;
    let mut wrong = Vec::new();
    for extension in ["mkv", "mp4"] {
        let clip = workshop.piece(&piece, 0, &format!("clip.{extension}"));
        let decode = PlainDecode::of(&support::clips::ffmpegs()[0].path, &clip);
        assert_eq!(decode.frames.len(), 12, "{parameters}");
        let expected: Vec<Expected> = [0_u16, 2, 4, 7, 11]
            .into_iter()
            .map(|number| {
                let frame = &decode.frames[usize::from(number)];
                let (num, den) = frame.pixel_aspect;
                let width = frame.width as u64;
                let width = if num > 0 {
                    (width * num + den / 2) / den
                } else {
                    width
                };
                Expected::new(at(number), number, (width, frame.height as u64))
            })
            .collect();
        wrong.extend(failures(&clip, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn av1_is_coded_at_half_its_width() {
    assert_numbers("resize-mode=1:resize-denom=16:resize-kf-denom=16");
}

/// Smaller and larger from frame to frame, inside a group.
#[test]
fn av1_changes_its_coded_size_at_random() {
    assert_numbers("resize-mode=2");
}

#[test]
fn av1_is_superresolved() {
    assert_numbers("superres-mode=1:superres-denom=14:superres-kf-denom=14");
}

#[test]
fn av1_is_superresolved_at_random() {
    assert_numbers("superres-mode=2");
}
