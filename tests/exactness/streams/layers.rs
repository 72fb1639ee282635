//! VP9 of several spatial layers: a packet holds a picture of each, and the last is shown.

use super::check::{Expected, assert_right};
use super::make::{PIECE_FRAMES, Piece, Workshop, at};
use std::fs;

const SMALL: (usize, usize) = (160, 90);
const LARGE: (usize, usize) = (640, 360);
const HEADER_BYTES: usize = 32;

/// The packets of an IVF file, each with its time before it.
fn packets(file: &[u8]) -> Vec<([u8; 8], &[u8])> {
    let mut rest = &file[HEADER_BYTES..];
    let mut packets = Vec::new();
    while let Some((head, data)) = rest.split_at_checked(12) {
        let bytes = u32::from_le_bytes(head[..4].try_into().unwrap());
        let (packet, after) = data.split_at(bytes as usize);
        packets.push((head[4..].try_into().unwrap(), packet));
        rest = after;
    }
    packets
}

/// Both pictures as one packet: Annex B of the bitstream specification.
fn superframe(one: &[u8], other: &[u8]) -> Vec<u8> {
    let marker = [0b1101_1001];
    let sizes = [one, other].map(|frame| u32::try_from(frame.len()).unwrap().to_le_bytes());
    [one, other, &marker, &sizes.concat(), &marker].concat()
}

/// Pictures of the first layer, which has frames of other numbers, and of the second.
fn layered(workshop: &Workshop) -> Vec<u8> {
    let options = "-c:v libvpx-vp9 -g 1 -lag-in-frames 0 -deadline realtime -cpu-used 8 \
                   -pix_fmt yuv420p";
    let read = |size, first, name: &str| {
        fs::read(workshop.piece(&Piece::new(size, options), first, name)).unwrap()
    };
    let (small, large) = (read(SMALL, 40, "small.ivf"), read(LARGE, 0, "large.ivf"));
    let mut file = large[..HEADER_BYTES].to_vec();
    for ((time, large), (_, small)) in packets(&large).into_iter().zip(packets(&small)) {
        let packet = superframe(small, large);
        file.extend(u32::try_from(packet.len()).unwrap().to_le_bytes());
        file.extend(time);
        file.extend(packet);
    }
    file
}

/// The smallest was shown.
#[test]
fn of_vp9_in_spatial_layers_the_last_is_shown() {
    let workshop = Workshop::open();
    let clip = workshop.path("layers.ivf");
    fs::write(&clip, layered(&workshop)).unwrap();
    let size = (LARGE.0 as u64, LARGE.1 as u64);
    let numbers = [0, 1, PIECE_FRAMES / 2, PIECE_FRAMES - 1];
    let expected = numbers.map(|number| Expected::new(at(number), number, size));
    for extension in ["webm", "mp4"] {
        let inside = workshop.inside(&clip, &format!("layers.{extension}"));
        assert_right(&inside, &expected);
    }
    assert_right(&clip, &expected);
}
