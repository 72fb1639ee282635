//! What is odd, or damaged, is left to ffmpeg.

use super::listed::{LARGE, make};
use crate::ps::stretch::clocked_index;
use crate::test_support::{Bytes, LIMITS, check_index, check_track, damaged_files, index};

/// Of a pack of ffmpeg's.
const PACK_BYTES: usize = 2048;

fn why_not(file: &[u8]) -> String {
    crate::index(&Bytes(file.to_vec()), LIMITS)
        .unwrap_err()
        .to_string()
}

fn file(options: &str) -> Vec<u8> {
    let (_folder, path) = make("clip.vob", 4, options);
    std::fs::read(path).unwrap()
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    for (name, options) in [
        ("small.mpg", "-c:v mpeg2video -b:v 60k -g 12 -s 64x48"),
        ("part2.vob", "-c:v mpeg4 -q:v 1"),
        ("two.vob", "-map 0:v -map 0:v -c:v mpeg2video -q:v 1"),
    ] {
        let (_folder, path) = make(name, 2, &format!("{options} -an"));
        assert!(index(&path).is_err(), "{name}");
    }
}

/// Nothing numbers the packets: what is gone shows where times are far apart, and is looked for by
/// whoever reads all of the file.
#[test]
fn packets_that_are_gone_leave_no_index() {
    let whole = file(&format!("{LARGE} -g 12 -bf 2 -c:a mp2"));
    assert!(crate::index(&Bytes(whole.clone()), LIMITS).is_ok());
    let middle = whole.len() / 2 / PACK_BYTES * PACK_BYTES;
    let mut shorter = whole.clone();
    shorter.drain(middle..middle + 60 * PACK_BYTES);
    let why = why_not(&shorter);
    let known = [
        "its pictures lie too far apart",
        "a PES packet of it does not hold just one picture",
    ];
    assert!(known.contains(&why.as_str()), "{why}");
    let mut zeroed = whole.clone();
    zeroed[middle..middle + 8].fill(0);
    assert_eq!(why_not(&zeroed), "its packets do not follow each other");
    assert_eq!(why_not(&whole[..middle + 900]), "it breaks off");
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    for (codec, files) in [
        ("mpeg2video -q:v 2", 150),
        ("mpeg1video -q:v 20", 50),
        ("libx264 -preset veryfast -qp 2", 50),
    ] {
        let whole = file(&format!("-c:v {codec} -s 96x64 -r 25 -g 8 -bf 2 -c:a mp2"));
        damaged_files(&whole, files, |file| {
            check_index(file.clone());
            let file = Bytes(file);
            if let Ok(mut index) = clocked_index(&file, LIMITS) {
                let _ = index.focus(&file, &[0, 1500, u64::MAX]);
                check_track(&index.track(), &file);
            }
        });
    }
}
