//! What is odd, or damaged, is left to ffmpeg.

use super::listed::make;
use crate::asf::stretch::clocked_index;
use crate::test_support::{Bytes, LIMITS, check_index, check_track, damaged_files};
use crate::{IndexError, index};

const PACKET_BYTES: usize = 3200;

fn file(options: &str) -> Vec<u8> {
    let (_folder, path) = make(options);
    std::fs::read(path).unwrap()
}

fn why_not(file: &[u8]) -> String {
    index(&Bytes(file.to_vec()), LIMITS)
        .unwrap_err()
        .to_string()
}

fn find(file: &[u8], part: &[u8]) -> usize {
    let found = file.windows(part.len()).position(|bytes| bytes == part);
    found.unwrap()
}

/// Where the first packet begins.
fn packets(file: &[u8]) -> usize {
    find(file, &crate::asf::fields::DATA) + 50
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    let whole = file("-c:v wmv2 -g 15 -q:v 3 -an");
    let changed = |at: usize, with: &[u8]| {
        let mut file = whole.clone();
        file[at..at + with.len()].copy_from_slice(with);
        why_not(&file)
    };
    let file_object = find(&whole, &crate::asf::fields::FILE);
    assert_eq!(
        changed(file_object + 88, &[3]),
        "it is the recording of a broadcast"
    );
    assert_eq!(
        changed(file_object + 92, &[0, 1]),
        "its packets are of no usual length"
    );
    let stream = find(&whole, &crate::asf::fields::STREAM);
    assert_eq!(changed(stream + 73, &[0x80]), "it is encrypted");
    assert_eq!(
        changed(stream + 24, &[7]),
        "a stream of it is of an unusual kind"
    );
    let name = find(&whole, b"WMV2");
    assert_eq!(changed(name, b"WVC1"), "its codec is not one of the usual");
    // A name that is known takes the place of a list of codecs.
    let codecs = find(&whole, &[0x40, 0x52, 0xd1, 0x86, 0x1d, 0x31, 0xd0, 0x11]);
    for name in crate::asf::fields::ENCRYPTION {
        assert_eq!(changed(codecs, &name), "it is encrypted");
    }
}

#[test]
fn pictures_that_are_not_what_they_are_said_to_be_are_left_to_ffmpeg() {
    let whole = file("-c:v wmv2 -g 15 -q:v 3 -an");
    let track = index(&Bytes(whole.clone()), LIMITS).unwrap();
    // Of a keyframe in a packet of several.
    let key = track.samples.iter().skip(1).find(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        sample.sync && whole[at] == 0x81
    });
    let at = usize::try_from(key.unwrap().offset).unwrap();
    let mut unmarked = whole.clone();
    unmarked[at] = 1;
    assert_eq!(why_not(&unmarked), "its keyframes are not marked as such");
    // Behind the number, the place and a length: how long it is, and its time.
    let mut late = whole.clone();
    late[at + 11..at + 15].copy_from_slice(&23_100_u32.to_le_bytes());
    let why = why_not(&late);
    let known = [
        "its times are in no order",
        "parts of it do not belong together",
    ];
    assert!(known.contains(&why.as_str()), "{why}");
}

/// ffmpeg goes on behind what is gone, without a word.
#[test]
fn packets_that_are_gone_leave_no_index() {
    let whole = file("-c:v wmv2 -g 15 -q:v 2 -c:a wmav2");
    assert!(index(&Bytes(whole.clone()), LIMITS).is_ok());
    let first = packets(&whole);
    for (from, count) in [(0, 1), (4, 1), (5, 9)] {
        let mut shorter = whole.clone();
        let begin = first + from * PACKET_BYTES;
        shorter.drain(begin..begin + count * PACKET_BYTES);
        let bytes = u64::from_le_bytes(shorter[first - 34..first - 26].try_into().unwrap());
        let bytes = bytes - (count * PACKET_BYTES) as u64;
        shorter[first - 34..first - 26].copy_from_slice(&bytes.to_le_bytes());
        let read = index(&Bytes(shorter), LIMITS);
        assert!(
            matches!(read, Err(IndexError::Damaged(_))),
            "{from}: {read:?}"
        );
    }
    let mut zeroed = whole.clone();
    zeroed[first + 3 * PACKET_BYTES..][..100].fill(0);
    assert_eq!(why_not(&zeroed), "a packet of it is of no usual form");
    assert_eq!(why_not(&whole[..whole.len() / 2]), "it breaks off");
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    let whole = file("-c:v wmv2 -g 15 -q:v 3 -packet_size 700 -c:a wmav2");
    damaged_files(&whole, 200, |file| {
        check_index(file.clone());
        let file = Bytes(file);
        if let Ok(mut index) = clocked_index(&file, LIMITS) {
            let _ = index.focus(&file, &[0, 1500, u64::MAX]);
            check_track(&index.track(), &file);
        }
    });
}
