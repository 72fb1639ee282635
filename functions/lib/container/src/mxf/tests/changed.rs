//! What is odd, or damaged, is left to ffmpeg; a table that is not true is found out.

use super::listed::{make, written};
use crate::SamplePackaging;
use crate::mxf::index::sparse_index_of_any_length;
use crate::test_support::{
    Bytes, LIMITS, check_index, check_track, damaged_files, differences_of_frames,
};

const INDEX_SEGMENT: &[u8] = b"\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01\x02\x01\x01\x10\x01\x00";
const SEQUENCE: &[u8] = b"\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01\x01\x01\x01\x01\x0f\x00";
const ENTRY_ARRAY: &[u8] = b"\x3f\x0a";

fn file(options: &str) -> Vec<u8> {
    let (_folder, path) = make("changed", options).unwrap();
    std::fs::read(path).unwrap()
}

fn why_not(file: &[u8]) -> String {
    crate::index(&Bytes(file.to_vec()), LIMITS)
        .unwrap_err()
        .to_string()
}

fn places<'a>(file: &'a [u8], what: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    (0..file.len()).filter(move |&at| file[at..].starts_with(what))
}

/// Where an entry of the table begins, of the only segment.
fn entry(file: &[u8], nth: usize) -> usize {
    let segment = places(file, INDEX_SEGMENT).next().unwrap();
    let array = segment + places(&file[segment..], ENTRY_ARRAY).next().unwrap();
    let size = usize::from(file[array + 4 + 7]);
    array + 12 + nth * size
}

/// As if the unit began amid its picture.
fn move_entry(file: &mut [u8], nth: usize) {
    let at = entry(file, nth) + 3;
    let offset = u64::from_be_bytes(*file[at..].first_chunk().unwrap()) + 1024;
    file[at..at + 8].copy_from_slice(&offset.to_be_bytes());
}

/// The number of the second keyframe.
fn second_key(file: &[u8]) -> usize {
    let is_key = |&nth: &usize| file[entry(file, nth) + 2] & 0x30 == 0;
    (1..48).find(is_key).unwrap()
}

const BETWEEN: &str = "-bf 2 -t 2 -c:a pcm_s16le";

#[test]
fn a_table_that_is_not_true_is_found_out() {
    let whole = file(BETWEEN);
    assert!(crate::index(&Bytes(whole.clone()), LIMITS).is_ok());
    let key = second_key(&whole);
    let of_key = entry(&whole, key);
    for (what, change) in [
        (
            "a unit begins amid its picture",
            &(|file: &mut [u8]| move_entry(file, 4)) as &dyn Fn(&mut [u8]),
        ),
        ("a keyframe is said to be none", &|file| {
            file[of_key + 2] = 0x22;
        }),
        ("another is said to be one", &|file| {
            file[entry(file, key + 3) + 2] = 0;
        }),
        ("two are shown at one time", &|file| file[of_key] ^= 1),
    ] {
        let mut changed = whole.clone();
        change(&mut changed);
        let why = why_not(&changed);
        assert_eq!(why, "its table of pictures is not true", "{what}");
    }
}

/// What lies amid a group is not looked at before it is decoded.
#[test]
fn a_sample_that_is_misplaced_shows_it_when_it_is_read() {
    let mut changed = file(BETWEEN);
    let key = second_key(&changed);
    move_entry(&mut changed, key + 4);
    let file = Bytes(changed);
    let mut index = sparse_index_of_any_length(&file, LIMITS).unwrap();
    index.focus(&file, &[640]).unwrap();
    let track = index.track();
    assert!(matches!(
        track.packaging,
        SamplePackaging::ContentPackages { .. }
    ));
    let misplaced = track.samples.iter().filter(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        let stored = file.0[at..at + sample.size as usize].to_vec();
        track.is_misplaced(&track.unpacked(stored))
    });
    // It begins amid its picture, and the one before it with that goes on to it.
    assert_eq!(misplaced.count(), 2);
    let mut broken = file;
    move_entry(&mut broken.0, key);
    let error = sparse_index_of_any_length(&broken, LIMITS).unwrap_err();
    assert_eq!(error.to_string(), "its table of pictures is not true");
}

/// The random index pack is at the end or nowhere: then one partition leads to the one before it.
#[test]
fn partitions_are_found_by_each_other_too() {
    let mut longer = file(BETWEEN);
    longer.extend([0; 99]);
    let (_folder, path) = written(&longer);
    let track = crate::test_support::index(&path).unwrap();
    let found = differences_of_frames("longer", &path, &track);
    assert!(found.is_empty(), "{found:#?}");
}

/// Pictures that refer to no other are shown as they lie there.
#[test]
fn without_a_table_frames_are_counted() {
    let mut found = Vec::new();
    for options in [
        "-c:v dvvideo -s 720x576 -t 1 -an",
        "-c:v jpeg2000 -format j2k -t 1 -an",
    ] {
        let mut file = file(options);
        let segments: Vec<usize> = places(&file, INDEX_SEGMENT).collect();
        for at in segments {
            file[at + 13] = 0x7f;
        }
        let (_folder, path) = written(&file);
        let track = crate::test_support::index(&path).unwrap();
        found.extend(differences_of_frames(options, &path, &track));
        assert!(sparse_index_of_any_length(&Bytes(file), LIMITS).is_err());
    }
    assert!(found.is_empty(), "{found:#?}");
    let mut reordered = file(BETWEEN);
    let at = places(&reordered, INDEX_SEGMENT).next().unwrap();
    reordered[at + 13] = 0x7f;
    assert_eq!(why_not(&reordered), "it has no whole table of its pictures");
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    let whole = file(BETWEEN);
    assert_eq!(
        why_not(&whole[..whole.len() * 2 / 3]),
        "the end of it is missing"
    );
    let mut started = whole.clone();
    let sequence = places(&whole, SEQUENCE).nth(1).unwrap();
    let clip = sequence
        + places(&whole[sequence..], b"\x12\x01\x00\x08")
            .next()
            .unwrap();
    started[clip + 11] = 5;
    assert_eq!(why_not(&started), "only a part of it is to be shown");
    let mut two = whole.clone();
    let sounds: Vec<usize> = places(&whole, b"\x01\x03\x02\x02\x02\x00\x00\x00").collect();
    for sound in sounds {
        two[sound + 4] = 1;
    }
    assert_eq!(why_not(&two), "it has several videos");
    let mut other = whole.clone();
    let coding = places(&whole, b"\x04\x01\x02\x02\x01\x01\x11").next();
    other[coding.unwrap() + 5] = 0x7f;
    assert_eq!(why_not(&other), "its codec is not one of the usual");
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    for options in [
        "-bf 2 -t 1 -s 64x48 -c:a pcm_s16le",
        "-c:v dvvideo -s 720x576 -t 0.2 -an -f mxf_opatom",
    ] {
        damaged_files(&file(options), 150, |file| {
            check_index(file.clone());
            let file = Bytes(file);
            if let Ok(mut index) = sparse_index_of_any_length(&file, LIMITS) {
                let _ = index.focus(&file, &[0, 500, u64::MAX]);
                let track = index.track();
                match track.packaging {
                    SamplePackaging::Whole => check_track(&track, &file),
                    _ => assert_samples_are_in(&file, &track),
                }
            }
        });
    }
}

/// Those that are misplaced have no bytes.
fn assert_samples_are_in(file: &Bytes, track: &crate::VideoTrack) {
    for sample in &track.samples {
        let at = usize::try_from(sample.offset).unwrap();
        let stored = file.0.get(at..at + sample.size as usize);
        let unpacked = track.unpacked(stored.unwrap().to_vec());
        assert!(unpacked.len() < sample.size as usize);
        assert!(sample.pts <= track.end_pts);
    }
}
