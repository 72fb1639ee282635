//! Only what lies around the wanted times is read, and tells the same as the whole.

use super::listed::{H264, tags};
use super::rewrite::{SCRIPT, Tags, VIDEO, flv, with_keyframes};
use crate::flv::sparse_index::{clocked_of_any_length, marked_of_any_length};
use crate::test_support::{
    Bytes, FarBytes, LIMITS, assert_parts_tell, assert_same_at, far, take_pictures, timeline,
};
use source::{CountingSource, FileSource, ReadStats};
use std::sync::Arc;

#[test]
fn parts_tell_what_the_whole_tells() {
    for options in [format!("{H264} -an"), format!("{H264} -c:a aac")] {
        let source = Bytes(with_keyframes(&tags(&options), 0.0));
        let all = timeline(&crate::index(&source, LIMITS).unwrap());
        let opened = marked_of_any_length(&source, LIMITS).unwrap();
        assert_parts_tell(&all, &|points| {
            let mut index = opened.clone();
            index.focus(&source, points).unwrap();
            timeline(&index.track())
        });
    }
}

#[test]
fn keyframes_that_are_not_where_metadata_say_are_not_believed() {
    let tags = tags(&format!("{H264} -an"));
    let source = Bytes(with_keyframes(&tags, 9.0));
    let refused = marked_of_any_length(&source, LIMITS).map(|_| ());
    assert!(refused.is_err());
    assert_eq!(crate::index(&source, LIMITS).unwrap().samples.len(), 60);
}

/// So many clips of four seconds, one behind the other, of some 16 KB each picture.
fn long(options: &str, clips: u32) -> Tags {
    let once = tags(options);
    let is_later = |tag: &&(u8, u32, Vec<u8>)| match tag.0 {
        VIDEO => tag.2[1] == 1,
        SCRIPT => false,
        _ => tag.2[1] == 1 && tag.1 < 4000,
    };
    let is_first = |tag: &&(u8, u32, Vec<u8>)| tag.0 != SCRIPT && tag.2[1] == 0;
    let mut long: Tags = once.iter().filter(is_first).cloned().collect();
    for nth in 0..clips {
        for (kind, time, body) in once.iter().filter(is_later) {
            let mut body = body.clone();
            if *kind == VIDEO {
                // What makes the file long is no picture: it is skipped as a decoder does.
                body.extend([&[0, 0, 0x40, 0][..], &[12], &[0xff; 0x3fff]].concat());
            }
            long.push((*kind, time + nth * 4000, body));
        }
    }
    long
}

fn counted(file: Vec<u8>) -> (CountingSource, Arc<ReadStats>) {
    let stats = Arc::<ReadStats>::default();
    let source = CountingSource::new(Arc::new(FarBytes(Bytes(file))), Arc::clone(&stats));
    (source, stats)
}

/// Ten minutes of it behind HTTP were copied whole for one picture, and those that tell where
/// keyframes are took a request for nearly each tag.
#[test]
fn of_a_far_file_little_is_read() {
    let long = long(&format!("{H264} -an"), 40);
    for (file, most) in [(with_keyframes(&long, 0.0), 20), (flv(&long).0, 40)] {
        let bytes = file.len() as u64;
        let (source, stats) = counted(file);
        let mut index = crate::SparseIndex::read(&source, LIMITS).unwrap();
        index.focus(&source, &[100, 60_000, 141_000]).unwrap();
        assert!(stats.bytes() * 7 < bytes, "{} of {bytes}", stats.bytes());
        assert!(stats.requests() < most, "{}", stats.requests());
    }
}

/// 1.48 times as many bytes as such a file has were fetched: what lies around a time for the index, and then
/// for the picture.
#[test]
fn what_the_index_read_of_a_short_far_file_was_read_again_for_the_pictures() {
    let file = flv(&long(&format!("{H264} -an"), 7)).0;
    let bytes = file.len() as u64;
    assert!((6 << 20..8 << 20).contains(&bytes), "{bytes}");
    let (source, stats) = far(file);
    take_pictures(&source, &[500, 5_900, 11_900, 17_900, 27_000]);
    eprintln!("{} of {bytes} in {}", stats.bytes(), stats.requests());
    assert!(
        stats.bytes() * 3 < bytes * 2,
        "{} of {bytes}",
        stats.bytes()
    );
    assert!(stats.requests() < 48, "{}", stats.requests());
}

#[test]
fn stretches_found_by_the_times_of_tags_tell_what_the_whole_tells() {
    for sound in ["-an", "-c:a aac"] {
        let file = flv(&long(&format!("{H264} {sound}"), 12)).0;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.flv");
        std::fs::write(&path, &file).unwrap();
        let whole = crate::index(&FileSource::open(&path).unwrap(), LIMITS).unwrap();
        let all = timeline(&whole);
        let source = Bytes(file);
        let opened = clocked_of_any_length(&source, LIMITS).unwrap();
        for points in [
            vec![0],
            vec![47_990, 11],
            vec![17_300, 9_876, 20_020, 20_100, u64::MAX],
        ] {
            let mut index = opened.clone();
            index.focus(&source, &points).unwrap();
            let track = index.track();
            let some = timeline(&track);
            assert!(
                track.samples.len() < whole.samples.len(),
                "{sound}: all is read"
            );
            assert_eq!(track.entry, whole.entry);
            assert_same_at(sound, &some, &all, &points);
        }
    }
}

/// Which picture is shown where would depend on what is read.
#[test]
fn a_clock_that_jumps_is_left_to_ffmpeg() {
    let steady = long(&format!("{H264} -an"), 12);
    let (source, _) = counted(flv(&steady).0);
    assert!(clocked_of_any_length(&source, LIMITS).is_ok());
    let back: fn(u32) -> u32 = |time| time - 10_000;
    for (name, jump) in [("back", back), ("far ahead", |time| time + 50_000_000)] {
        let mut tags = steady.clone();
        let middle = tags.len() / 2;
        for tag in &mut tags[middle..] {
            tag.1 = jump(tag.1);
        }
        let (source, _) = counted(flv(&tags).0);
        assert!(clocked_of_any_length(&source, LIMITS).is_err(), "{name}");
    }
}
