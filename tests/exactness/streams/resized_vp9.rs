//! VP9 whose frames change their size inside a group, so that they refer to frames of another size.
//!
//! Encoders do so where a network gets slower, and none at hand does. But in error resilient streams
//! nothing runs from frame to frame but the references: the frames of one stream go on where those
//! of another end, once a header tells its own size instead of that of its reference.

use super::check::{Expected, failures};
use super::make::{Piece, Workshop, at};
use std::fs;

const FRAMES: u16 = 24;
const HEADER_BYTES: usize = 32;
const SIZES: [(usize, usize); 3] = [(320, 240), (240, 180), (480, 360)];
/// From which frame on, and which of the sizes.
const CHANGES: [(u16, usize); 5] = [(0, 0), (6, 1), (12, 0), (15, 2), (18, 1)];

/// The packets of an IVF file, each with what comes before its data.
fn packets(file: &[u8]) -> Vec<([u8; 12], Vec<u8>)> {
    let mut rest = &file[HEADER_BYTES..];
    let mut packets = Vec::new();
    while let Some((head, data)) = rest.split_at_checked(12) {
        let bytes = u32::from_le_bytes(head[..4].try_into().unwrap()) as usize;
        packets.push((head.try_into().unwrap(), data[..bytes].to_vec()));
        rest = &data[bytes..];
    }
    packets
}

/// Bits of a header, read from the first on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> bool {
        let bit = self.bytes[self.at / 8] >> (7 - self.at % 8) & 1;
        self.at += 1;
        bit == 1
    }

    fn skip(&mut self, bits: usize) {
        self.at += bits;
    }

    /// Of fields that each have a bit before them which says that they are there.
    fn skip_stated(&mut self, fields: usize, bits: usize) {
        for _ in 0..fields {
            if self.bit() {
                self.skip(bits);
            }
        }
    }
}

/// The frame with a size of its own in place of its reference's: sections 6.2 to 6.4 of the VP9
/// bitstream specification.
fn with_size(frame: &[u8], (width, height): (usize, usize)) -> Vec<u8> {
    let mut bits = Bits {
        bytes: frame,
        at: 0,
    };
    bits.skip(5);
    assert!(bits.bit() && bits.bit() && bits.bit(), "resilient, shown");
    // What is refreshed, and three references.
    bits.skip(8 + 3 * 4);
    let before = bits.at;
    assert!(bits.bit(), "it has the size of its first reference");
    let after = bits.at;
    skip_to_end(&mut bits, width);
    let end = bits.at;
    let read = |from: usize, to: usize| {
        let mut bits = Bits {
            bytes: frame,
            at: from,
        };
        (from..to).map(|_| bits.bit()).collect::<Vec<bool>>()
    };
    let number = |number: usize| (0..16).rev().map(move |bit| number >> bit & 1 == 1);
    let mut header = read(0, before);
    header.extend([false; 3]);
    header.extend(number(width - 1).chain(number(height - 1)));
    header.extend(read(after, end));
    header.resize(header.len().next_multiple_of(8), false);
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    let header: Vec<u8> = header.chunks(8).map(byte).collect();
    [&header[..], &frame[end.div_ceil(8)..]].concat()
}

/// From the size it is shown at to the end of the header.
fn skip_to_end(bits: &mut Bits<'_>, width: usize) {
    bits.skip_stated(1, 32);
    bits.skip(1);
    // The filter, where it is one for all.
    if !bits.bit() {
        bits.skip(2);
    }
    bits.skip(2);
    // The loop filter, its changes, the quantiser.
    bits.skip(6 + 3);
    if bits.bit() && bits.bit() {
        bits.skip_stated(4 + 2, 7);
    }
    bits.skip(8);
    bits.skip_stated(3, 5);
    if bits.bit() {
        skip_segments(bits);
    }
    let blocks = width.div_ceil(64);
    let mut columns = 1;
    while blocks >> columns >= 4 {
        columns += 1;
    }
    for _ in 1..columns {
        if !bits.bit() {
            break;
        }
    }
    bits.skip_stated(1, 1);
    // The size of what follows.
    bits.skip(16);
}

fn skip_segments(bits: &mut Bits<'_>) {
    if bits.bit() {
        bits.skip_stated(7, 8);
        if bits.bit() {
            bits.skip_stated(3, 8);
        }
    }
    if bits.bit() {
        bits.skip(1);
        for _ in 0..8 {
            for value in [9, 7, 2, 0] {
                bits.skip_stated(1, value);
            }
        }
    }
}

fn resized(workshop: &Workshop) -> Vec<u8> {
    let options = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lag-in-frames 0 \
                   -error-resilient default -g 100 -b:v 1M -pix_fmt yuv420p";
    let files = SIZES.map(|size| {
        let mut piece = Piece::new(size, options);
        piece.frames = FRAMES;
        fs::read(workshop.piece(&piece, 0, &format!("{}.ivf", size.0))).unwrap()
    });
    let streams = files.each_ref().map(|file| packets(file));
    let mut file = files[0][..HEADER_BYTES].to_vec();
    for number in 0..FRAMES {
        let (begun, size) = change_before(number);
        let (mut head, mut data) = streams[size][usize::from(number)].clone();
        if number == begun && number > 0 {
            data = with_size(&data, SIZES[size]);
        }
        head[..4].copy_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        file.extend(head);
        file.extend(data);
    }
    file
}

fn change_before(number: u16) -> (u16, usize) {
    *CHANGES.iter().rfind(|(from, _)| *from <= number).unwrap()
}

#[test]
fn vp9_changes_its_size_inside_a_group_and_back() {
    let workshop = Workshop::open();
    let stream = workshop.path("resized.ivf");
    fs::write(&stream, resized(&workshop)).unwrap();
    let numbers = [0, 5, 6, 11, 12, 14, 15, 17, 18, FRAMES - 1];
    let expected = numbers.map(|number| {
        let (width, height) = SIZES[change_before(number).1];
        Expected::new(at(number), number, (width as u64, height as u64))
    });
    let mut wrong = Vec::new();
    for extension in ["webm", "mp4"] {
        let clip = workshop.inside(&stream, &format!("resized.{extension}"));
        wrong.extend(failures(&clip, &expected));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
