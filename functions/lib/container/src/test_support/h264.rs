//! Pictures of H.264 that are made up: their headers and nothing else.

use crate::bitstream::{bits_of, prefixed};

/// Profile 77, 4 bits of `frame_num`, 6 of the low bits of counts, 4 reference frames, frames only.
const SEQUENCE: &str = "01100111 01001101 00000000 00001010 1 1 1 011 00101 0 1 1 1 1 0 0 1";
/// No weights, and one picture in each list.
const PICTURE: &str = "01101000 1 1 0 0 1 1 1 0 00 1 1 1 0 0 0 1";

/// The kind of all slices of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// IDR
    Key,
    /// Others may refer to it.
    Predicted,
    /// The same, and numbers and counts begin anew after it.
    Restarting,
    /// None refers to it.
    Between,
}

/// A picture with its number and its count.
pub(crate) type MadePicture = (Kind, u8, u8);

/// The part of a sample entry that holds the parameter sets.
pub(crate) fn entry() -> Vec<u8> {
    let [sequence, picture] = [SEQUENCE, PICTURE].map(|set| prefixed(&bits_of(set), 2));
    let head = [b"avcC", &[1, 77, 0, 10, 0xff, 0xe1][..]].concat();
    [head, sequence, vec![1], picture].concat()
}

/// A sample with lengths of four bytes.
pub(crate) fn sample((kind, number, count): MadePicture) -> Vec<u8> {
    slice(kind, "1", number, count)
}

/// The same, with the bits of the number of its picture parameter set.
pub(crate) fn slice(kind: Kind, set: &str, number: u8, count: u8) -> Vec<u8> {
    let (unit, slice, key) = match kind {
        Kind::Key => ("01100101", "011", "1"),
        Kind::Predicted | Kind::Restarting => ("01100001", "1", ""),
        Kind::Between => ("00000001", "010", ""),
    };
    let rest = match kind {
        Kind::Key => "0 0",
        Kind::Predicted => "0 0 0",
        Kind::Restarting => "0 0 1 00110 1",
        Kind::Between => "1 0 0 0",
    };
    let header = format!("{unit} 1 {slice} {set} {number:04b} {key} {count:06b} {rest} 1");
    prefixed(&bits_of(&header), 4)
}
