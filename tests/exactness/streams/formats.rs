//! Pixel formats that change on the way: depth, chroma, fields.

use super::check::{around_changes, assert_right};
use super::make::{Piece, Workshop};

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
