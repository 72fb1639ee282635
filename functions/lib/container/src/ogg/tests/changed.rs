//! What is odd, or damaged, is left to ffmpeg; what is rare and well is not.

use super::listed::make;
use super::pages::{OwnPage, packets, paged, pages, written};
use crate::ogg::stretch::clocked_index;
use crate::test_support::{
    Bytes, LIMITS, check_index, check_track, damaged_files, differences_of_frames, index,
};
use std::path::PathBuf;
use tempfile::TempDir;

fn why_not(file: &[u8]) -> String {
    crate::index(&Bytes(file.to_vec()), LIMITS)
        .unwrap_err()
        .to_string()
}

fn file(options: &str) -> Vec<u8> {
    let (_folder, path) = make("clip.ogv", 4, options);
    std::fs::read(path).unwrap()
}

fn saved(file: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.ogv");
    std::fs::write(&path, file).unwrap();
    (folder, path)
}

fn assert_listed(name: &str, file: &[u8], frames: usize) {
    let (_folder, path) = saved(file);
    let track = index(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(track.samples.len(), frames, "{name}");
    let differences = differences_of_frames(name, &path, &track);
    assert!(differences.is_empty(), "{differences:#?}");
}

const KEYS: usize = 12;
const SHIFT: u32 = 6;

/// The frames of a clip with a keyframe at every twelfth, and their granule positions, counted from
/// `first`: empty ones where the picture before them is shown on.
fn numbered(frames: Vec<Vec<u8>>, first: u64, empty: &[usize]) -> Vec<(Vec<u8>, u64)> {
    let mut all = Vec::new();
    let (mut number, mut key) = (0_u64, 0);
    for (nth, frame) in frames.into_iter().enumerate() {
        if nth % KEYS == 0 {
            key = number;
        }
        all.push((frame, (key + first) << SHIFT | (number - key)));
        number += 1;
        if empty.contains(&nth) {
            all.push((Vec::new(), (key + first) << SHIFT | (number - key)));
            number += 1;
        }
    }
    all
}

/// The pages of the headers, and the frames.
fn parts(file: &[u8]) -> (Vec<OwnPage>, Vec<Vec<u8>>) {
    let mut pages = pages(file);
    let mut all = packets(&pages);
    let frames = all.split_off(2);
    pages.truncate(2);
    (pages, frames)
}

fn rewritten(file: &[u8], first: u64, empty: &[usize]) -> Vec<u8> {
    let (headers, frames) = parts(file);
    let like = OwnPage {
        flags: 0,
        sequence: 2,
        ..headers[1].clone()
    };
    let all = numbered(frames, first, empty);
    [written(&headers), written(&paged(&all, &like, 5))].concat()
}

#[test]
fn frames_that_are_dropped_and_streams_that_begin_late_are_listed_as_ffmpeg_shows_them() {
    let whole = file("-b:v 300k -g 12 -an");
    assert_listed("anew", &rewritten(&whole, 1, &[]), 100);
    assert_listed("empty", &rewritten(&whole, 1, &[3, 9, 11, 12, 50]), 100);
    assert_listed("late", &rewritten(&whole, 801, &[]), 100);
    let ends_empty = rewritten(&whole, 1, &[99]);
    assert_eq!(why_not(&ends_empty), "it ends with an empty frame");
}

/// Frames count from 0 in files of the first encoders: their version is 3.2.0.
#[test]
fn files_of_old_encoders_are_listed_as_ffmpeg_shows_them() {
    let whole = file("-b:v 300k -g 12 -an");
    let mut all = pages(&rewritten(&whole, 0, &[]));
    all[0].body[9] = 0;
    assert_listed("old", &written(&all), 100);
}

/// Before the video, as ffmpeg2theora writes it; `start` is the granule position that the video is said
/// to begin with.
fn with_skeleton(file: &[u8], start: u64) -> Vec<u8> {
    let mut all = pages(file);
    let page = |flags: u8, sequence: u32, body: Vec<u8>| OwnPage {
        flags,
        granule: 0,
        serial: 77,
        sequence,
        segments: vec![u8::try_from(body.len()).unwrap()],
        body,
    };
    let head = [&b"fishead\0\x03\0\0\0"[..], &[0; 52]].concat();
    let bone = [
        &b"fisbone\0\x2c\0\0\0"[..],
        &all[0].serial.to_le_bytes(),
        &[3, 0, 0, 0],
        &[0; 16],
        &start.to_le_bytes(),
        &[0, 0, 0, 0, 6, 0, 0, 0],
        b"Content-Type: video/theora\r\n",
    ]
    .concat();
    all.insert(2, page(0, 1, bone));
    all.insert(3, page(4, 2, Vec::new()));
    all.insert(0, page(2, 0, head));
    written(&all)
}

#[test]
fn skeleton_is_stepped_over_where_it_moves_no_frame() {
    let whole = file("-b:v 300k -g 12 -an");
    let file = with_skeleton(&whole, 0);
    assert_listed("skeleton", &file, 100);
    let track = crate::index(&Bytes(file), LIMITS).unwrap();
    assert_eq!(track.stream, 1);
    let moved = with_skeleton(&whole, 640);
    assert_eq!(why_not(&moved), "it has streams that are not as usual");
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    let whole = file("-b:v 300k -g 12 -an");
    let chained = [&whole[..], &whole].concat();
    assert_eq!(why_not(&chained), "it has streams that are not as usual");
    let mut other = pages(&whole);
    for page in &mut other {
        page.serial ^= 1;
    }
    let chained = [&whole[..], &written(&other)].concat();
    assert_eq!(why_not(&chained), "it has several links");
    let (_folder, path) = make("sound.ogg", 1, "-vn -c:a libvorbis");
    let behind_sound = [std::fs::read(path).unwrap(), whole.clone()].concat();
    assert_eq!(
        why_not(&behind_sound),
        "it has streams that are not as usual"
    );
    let (folder, path) = make("two.ogv", 2, "-map 0:v -map 0:v -b:v 200k");
    let why = index(&path).unwrap_err().to_string();
    assert_eq!(why, "it has not just one video of a usual kind");
    drop(folder);
    let (_folder, path) = make("vp8.ogg", 2, "-c:v libvpx -b:v 200k -an");
    assert!(index(&path).is_err());
    let mut skips = pages(&rewritten(&whole, 1, &[]));
    skips[9].granule += (1 << SHIFT) - 1;
    let why = why_not(&written(&skips));
    assert_eq!(
        why,
        "its granule positions name other keyframes than it has"
    );
    let mut skips = pages(&rewritten(&whole, 1, &[]));
    skips
        .iter_mut()
        .skip(9)
        .for_each(|page| page.granule += 1 << SHIFT);
    let why = why_not(&written(&skips));
    assert_eq!(why, "its granule positions skip or repeat frames");
}

#[test]
fn pages_that_are_gone_or_damaged_leave_no_index() {
    let whole = file("-b:v 300k -g 12 -page_duration 200000 -c:a libvorbis");
    assert!(crate::index(&Bytes(whole.clone()), LIMITS).is_ok());
    let all = pages(&whole);
    let video = all[0].serial;
    let middle = (all.len() / 2..all.len())
        .find(|&nth| all[nth].serial == video)
        .unwrap();
    let mut shorter = all.clone();
    shorter.remove(middle);
    assert_eq!(
        why_not(&written(&shorter)),
        "pages of its video are missing"
    );
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let known = [
        "a page of it has another checksum",
        "its pages do not follow each other",
    ];
    let why = why_not(&flipped);
    assert!(known.contains(&why.as_str()), "{why}");
    assert_eq!(why_not(&whole[..whole.len() / 2]), "it breaks off");
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    let whole = file("-q:v 2 -s 96x64 -r 10 -g 8 -c:a libvorbis -page_duration 200000");
    damaged_files(&whole, 80, |file| {
        check_index(file.clone());
        // With sums that are right, what pages say is looked at.
        let mut mended = Vec::new();
        let all = crate::ogg::page::each_page_in;
        let _ = all(&file, 0, &mut |_| Ok(()));
        for at in crate::ogg::page::captures(&file) {
            if let Ok(Some((_, length))) = crate::ogg::page::Page::header(&file[at..], 0) {
                let mut page = file[at..file.len().min(at + length)].to_vec();
                if page.len() > 27 {
                    let sum = crate::ogg::page::checksum(&page);
                    page[22..26].copy_from_slice(&sum.to_le_bytes());
                }
                mended.extend(page);
            }
        }
        check_index(mended.clone());
        for file in [file, mended] {
            let file = Bytes(file);
            if let Ok(mut index) = clocked_index(&file, LIMITS) {
                let _ = index.focus(&file, &[0, 1500, u64::MAX]);
                check_track(&index.track(), &file);
            }
        }
    });
}
