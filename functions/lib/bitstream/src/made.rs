//! Pictures of H.264 that are made up: their headers and nothing else.

use crate::bits::bits_of;
use crate::nal::prefixed;
use plan::CodedSample;

/// Profile 77, 4 bits of `frame_num`, 6 of the low bits of counts, 4 reference frames, frames only.
const SEQUENCE: &str = "01100111 01001101 00000000 00001010 1 1 1 011 00101 0 1 1 1 1 0 0 1";
/// No weights, and one picture in each list.
const PICTURE: &str = "01101000 1 1 0 0 1 1 1 0 00 1 1 1 0 0 0 1";

/// The kind of all slices of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// IDR
    Key,
    /// It refers to none.
    Intra,
    /// Others may refer to it.
    Predicted,
    /// The same, and numbers and counts begin anew after it.
    Restarting,
    /// None refers to it.
    Between,
    /// Others may refer to it, though it is between two.
    KeptBetween,
    /// The same, and the picture of which the number is so much lower is given up.
    GivingUp(u8),
    /// Predicted from the picture of which the number is so much lower.
    Naming(u8),
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
    use Kind::{Between, GivingUp, Intra, KeptBetween, Key, Naming, Predicted, Restarting};
    let (unit, slice, key) = match kind {
        Key => ("01100101", "011", "1"),
        Intra => ("01100001", "011", ""),
        Predicted | Restarting | Naming(_) => ("01100001", "1", ""),
        KeptBetween | GivingUp(_) => ("01000001", "010", ""),
        Between => ("00000001", "010", ""),
    };
    let rest = match kind {
        Key => "0 0".to_owned(),
        Intra => "0".to_owned(),
        Predicted => "0 0 0".to_owned(),
        Restarting => "0 0 1 00110 1".to_owned(),
        Between => "1 0 0 0".to_owned(),
        KeptBetween => "1 0 0 0 0".to_owned(),
        GivingUp(lower) => format!("1 0 0 0 1 010 {} 1", exp_golomb(lower - 1)),
        Naming(lower) => format!("0 1 1 {} 00100 0", exp_golomb(lower - 1)),
    };
    let header = format!("{unit} 1 {slice} {set} {number:04b} {key} {count:06b} {rest} 1");
    prefixed(&bits_of(&header), 4)
}

fn exp_golomb(number: u8) -> String {
    let more = u16::from(number) + 1;
    let zeros = more.ilog2() as usize;
    format!("{}{more:b}", "0".repeat(zeros))
}

/// Pictures that tell no more than their number.
pub(crate) mod numbered {
    use super::prefixed;

    /// Of a 640x360 clip by x264: 4 bits of `frame_num`, 4 reference frames.
    pub(crate) const ENTRY: &[u8] = &[
        97, 118, 99, 67, 1, 100, 0, 30, 255, 225, 0, 25, 103, 100, 0, 30, 172, 217, 64, 160, 47,
        249, 97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 50, 15, 22, 45, 150, 1, 0, 4, 104, 239, 143, 203,
    ];

    pub(crate) const REFERENCE: u8 = 0x61;
    pub(crate) const OTHER: u8 = 0x01;
    pub(crate) const KEY: u8 = 0x65;

    /// The first slice of a picture: macroblock 0, type 0, parameter set 0, then the number.
    pub(crate) fn slice(kind: u8, number: u8) -> Vec<u8> {
        prefixed(&[kind, 0b1110_0000 | number << 1, 0x80], 4)
    }
}

/// A sample of which nothing matters but its time.
pub(crate) fn shown_at(pts: i64) -> CodedSample {
    CodedSample {
        offset: 0,
        size: 0,
        pts,
        sync: false,
        shown: true,
        encrypted: false,
    }
}
