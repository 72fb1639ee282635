//! Only what lies around the wanted times is read, and tells the same as the whole.

use super::listed::{BETWEEN, make, video};
use super::rewrite::{Table, avi, packed};
use crate::avi::index::sparse_index_of_any_length;
use crate::test_support::{
    Bytes, FarBytes, LIMITS, SMALL, assert_parts_tell, far, ffmpegs, made_clip, noisy,
    take_pictures, timeline,
};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

fn check(file: Vec<u8>) {
    let source = Bytes(file);
    let all = timeline(&crate::index(&source, LIMITS).unwrap());
    let opened = sparse_index_of_any_length(&source, LIMITS).unwrap();
    assert_parts_tell(&all, &|points| {
        let mut index = opened.clone();
        index.focus(&source, points).unwrap();
        timeline(&index.track())
    });
}

#[test]
fn parts_tell_what_the_whole_tells() {
    let (head, chunks) = video(BETWEEN);
    for table in [Table::FromList, Table::FromFile, Table::Super] {
        check(avi(&head, &chunks, table));
    }
    check(avi(&head, &packed(&chunks), Table::FromList));
    for options in [
        "-c:v mpeg4 -g 12 -c:a libmp3lame",
        "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le",
        "-c:v msmpeg4 -q:v 3 -g 12 -c:a pcm_s16le",
    ] {
        let (_folder, path) = make(options);
        check(std::fs::read(path).unwrap());
    }
}

/// Ten minutes of it behind HTTP were copied whole for one picture.
#[test]
fn of_a_far_file_little_is_read() {
    let (head, chunks) = video(BETWEEN);
    // Pictures are followed by as much sound as makes the file long.
    let mut long = Vec::new();
    for _ in 0..40 {
        for chunk in &chunks {
            long.extend([chunk.clone(), (*b"00dc", Vec::new())]);
            long.push((*b"JUNK", vec![0; 20_000]));
        }
    }
    long.push((*b"00dc", chunks[0].1.clone()));
    let file = avi(&head, &long, Table::FromList);
    let bytes = file.len() as u64;
    let stats = Arc::<ReadStats>::default();
    let source = CountingSource::new(Arc::new(FarBytes(Bytes(file))), Arc::clone(&stats));
    let mut index = crate::SparseIndex::read(&source, LIMITS).unwrap();
    index
        .focus(&source, &[100, 60_000, 141_000, 260_000])
        .unwrap();
    assert!(stats.bytes() * 10 < bytes, "{} of {bytes}", stats.bytes());
    assert!(stats.requests() < 40, "{}", stats.requests());
}

/// Groups of pictures took a request for each 16 KiB of them, and some of these once more.
#[test]
fn groups_of_small_pictures_were_read_in_small_pieces() {
    let options = "-map 0:v -c:v mpeg4 -g 12 -b:v 2M";
    let (_folder, path) = made_clip(&ffmpegs()[0], "small.avi", [&noisy(30), SMALL[1]], options);
    let file = std::fs::read(path).unwrap();
    let bytes = file.len() as u64;
    assert!(bytes > 6 << 20, "{bytes}");
    let (source, stats) = far(file);
    take_pictures(&source, &[350, 6280, 12_210, 18_140, 24_070]);
    eprintln!("{} of {bytes} in {}", stats.bytes(), stats.requests());
    assert!(stats.requests() <= 30, "{}", stats.requests());
    assert!(stats.bytes() * 4 < bytes, "{} of {bytes}", stats.bytes());
}
