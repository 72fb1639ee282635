//! Only what lies around the wanted times is read, and tells the same as the whole.

use super::listed::{BETWEEN, make, video};
use super::rewrite::{Table, avi, packed};
use crate::avi::index::sparse_index_of_any_length;
use crate::test_support::{Bytes, LIMITS, timeline};
use plan::Timeline;
use source::{CountingSource, RangeSource, ReadError, ReadStats};
use std::sync::Arc;

fn check(name: &str, file: Vec<u8>) {
    let source = Bytes(file);
    let all = timeline(&crate::index(&source, LIMITS).unwrap());
    let opened = sparse_index_of_any_length(&source, LIMITS).unwrap();
    for points in [
        vec![0],
        vec![1900],
        vec![3990, 11],
        vec![0, 799, 800, 801, 1650, 2400, u64::MAX],
    ] {
        let mut index = opened.clone();
        index.focus(&source, &points).unwrap();
        let some = timeline(&index.track());
        assert_eq!(some.duration_ms(), all.duration_ms(), "{name}");
        for &at in &points {
            let of = |timeline: &Timeline| {
                let sync = timeline.sync_nearest(at).unwrap();
                [timeline.shown_at(at), sync].map(|frame| timeline.presentation_us(frame))
            };
            assert_eq!(of(&some), of(&all), "{name} at {at} ms");
        }
    }
}

#[test]
fn parts_tell_what_the_whole_tells() {
    let (head, chunks) = video(BETWEEN);
    for table in [Table::FromList, Table::FromFile, Table::Super] {
        check("as it is", avi(&head, &chunks, table));
    }
    check("packed", avi(&head, &packed(&chunks), Table::FromList));
    for options in [
        "-c:v mpeg4 -g 12 -c:a libmp3lame",
        "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le",
    ] {
        let (_folder, path) = make(options);
        check(options, std::fs::read(path).unwrap());
    }
}

/// Where a request takes as long as so many bytes.
#[derive(Debug)]
struct FarBytes(Bytes);

impl RangeSource for FarBytes {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }

    fn gap_bytes(&self) -> u64 {
        128 << 10
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
