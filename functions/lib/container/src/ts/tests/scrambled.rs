//! A clip of ffmpeg's whose packets are changed by hand.

use crate::test_support::Made;
use crate::ts::{PesUnit, pes_units, scrambled_videos};
use std::fs;

const PACKET_BYTES: usize = 188;
/// ffmpeg's first stream.
const VIDEO: u16 = 0x100;
const SOUND: u16 = 0x101;

fn clip() -> Vec<u8> {
    let (made, mut command) = Made::begin("clip.ts");
    let succeeded = command.arg(&made.path).status().unwrap().success();
    assert!(succeeded, "ffmpeg can't make it");
    fs::read(&made.path).unwrap()
}

fn reader(file: &[u8]) -> impl FnMut(u64, &mut [u8]) -> std::io::Result<usize> {
    |at: u64, into: &mut [u8]| {
        let rest = file.get(usize::try_from(at).unwrap()..).unwrap_or_default();
        // Less than is asked for, as a file may.
        let bytes = rest.len().min(into.len()).min(10_000);
        into[..bytes].copy_from_slice(&rest[..bytes]);
        Ok(bytes)
    }
}

fn scrambled(file: &[u8]) -> Vec<u16> {
    let found = scrambled_videos(&mut reader(file)).unwrap();
    found.in_parts.union(&found.whole).copied().collect()
}

fn units(file: &[u8]) -> Vec<PesUnit> {
    let all = pes_units(&mut reader(file), VIDEO, 1000).unwrap().unwrap();
    assert_eq!(pes_units(&mut reader(file), VIDEO, 9).unwrap(), None);
    all
}

fn identifier(packet: &[u8]) -> u16 {
    u16::from_be_bytes([packet[1] & 0x1f, packet[2]])
}

/// Marks packets of a stream from the `first` on as scrambled.
fn scramble(file: &mut [u8], stream: u16, first: usize) {
    let packets = file.chunks_exact_mut(PACKET_BYTES);
    let marked = packets.filter(|packet| identifier(packet) == stream);
    marked.skip(first).for_each(|packet| packet[3] |= 0x80);
}

/// A scrambled broadcast gave flat grey pictures as Success.
#[test]
fn scrambled_packets_of_a_video_are_found_wherever_they_begin() {
    let clear = clip();
    assert_eq!(scrambled(&clear), [0_u16; 0]);
    let packets = clear.chunks_exact(PACKET_BYTES);
    let count = packets.filter(|packet| identifier(packet) == VIDEO).count();
    for first in [0, count / 2, count - 1] {
        let mut file = clear.clone();
        scramble(&mut file, VIDEO, first);
        assert_eq!(scrambled(&file), [VIDEO], "from {first}");
    }
    let mut file = clear.clone();
    scramble(&mut file, SOUND, 0);
    assert_eq!(scrambled(&file), [0_u16; 0], "sound is not shown");
}

/// The units from here on have scrambled payloads.
fn scramble_payloads(file: &mut [u8], first: usize) {
    let packets = file.chunks_exact_mut(PACKET_BYTES);
    let begins = packets.filter(|packet| identifier(packet) == VIDEO && packet[1] & 0x40 != 0);
    for packet in begins.skip(first) {
        let at = packet.windows(4).position(|bytes| bytes == [0, 0, 1, 0xe0]);
        packet[at.unwrap() + 6] |= 0x10;
    }
}

#[test]
fn each_unit_says_when_it_is_shown_and_whether_it_is_scrambled() {
    let clear = clip();
    let plain = units(&clear);
    assert_eq!(plain.len(), 60);
    let mut times: Vec<u64> = plain.iter().map(|unit| unit.pts.unwrap()).collect();
    times.sort_unstable();
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] == 6000),
        "{times:?}"
    );
    let mut file = clear.clone();
    scramble_payloads(&mut file, 20);
    assert_eq!(scrambled(&file), [VIDEO]);
    let late = units(&file);
    let count = late.iter().filter(|unit| unit.is_scrambled).count();
    assert_eq!(
        (count, late[20].is_scrambled, late[19].is_scrambled),
        (40, true, false)
    );
    assert!(
        late.iter()
            .zip(&plain)
            .all(|(one, other)| one.pts == other.pts)
    );
}

/// It was looked for here and there.
#[test]
fn one_scrambled_packet_is_found_far_into_a_file() {
    let clear = clip();
    let mut file = clear.repeat((66 << 20) / clear.len() + 1);
    let mut packets = file.rchunks_exact_mut(PACKET_BYTES).skip(1000);
    let last = packets.find(|packet| identifier(packet) == VIDEO && packet[3] & 0x10 != 0);
    last.unwrap()[3] |= 0x80;
    assert_eq!(scrambled(&file), [VIDEO]);
}

#[test]
fn sample_aes_is_told_by_the_type_of_the_stream() {
    let mut file = clip();
    let at = file.windows(3).position(|bytes| bytes == [0x1b, 0xe1, 0]);
    let at = at.unwrap();
    let kinds = [(0x1b_u8, &[][..]), (0xdb, &[VIDEO])];
    for (kind, expected) in kinds {
        file[at] = kind;
        assert_eq!(scrambled(&file), expected);
    }
}

#[test]
fn packets_are_found_with_what_comes_between_and_before_them() {
    let mut file = clip();
    scramble(&mut file, VIDEO, 5);
    let timed: Vec<u8> = file
        .chunks_exact(PACKET_BYTES)
        .flat_map(|packet| [&[0, 1, 2, 3], packet].concat())
        .collect();
    assert_eq!(scrambled(&timed), [VIDEO]);
    let late = [&[0x47; 3][..], &[9; 1000], &file[100..]].concat();
    assert_eq!(scrambled(&late), [VIDEO]);
}

#[test]
fn what_is_no_transport_stream_is_not_read_on() {
    assert_eq!(scrambled(&[]), [0_u16; 0]);
    assert_eq!(scrambled(&vec![0x47; 200_000]), [0_u16; 0]);
    let mut reads = 0;
    let read = scrambled_videos(&mut |_, into: &mut [u8]| {
        reads += 1;
        into.fill(0);
        Ok(into.len())
    });
    assert!(read.unwrap().is_empty());
    assert_eq!(reads, 1);
}
