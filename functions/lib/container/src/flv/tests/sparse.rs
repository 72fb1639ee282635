//! Only what lies around the wanted times is read, and tells the same as the whole.

use super::listed::{H264, tags};
use super::rewrite::{SCRIPT, Tags, VIDEO, with_keyframes};
use crate::flv::index::sparse_index_of_any_length;
use crate::test_support::{Bytes, FarBytes, LIMITS, assert_parts_tell, timeline};
use source::{CountingSource, ReadStats};
use std::sync::Arc;

#[test]
fn parts_tell_what_the_whole_tells() {
    for options in [format!("{H264} -an"), format!("{H264} -c:a aac")] {
        let source = Bytes(with_keyframes(&tags(&options), 0.0));
        let all = timeline(&crate::index(&source, LIMITS).unwrap());
        let opened = sparse_index_of_any_length(&source, LIMITS).unwrap();
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
    let refused = sparse_index_of_any_length(&source, LIMITS).map(|_| ());
    assert!(refused.is_err());
    assert_eq!(crate::index(&source, LIMITS).unwrap().samples.len(), 60);
}

/// Ten minutes of it behind HTTP were copied whole for one picture.
#[test]
fn of_a_far_file_little_is_read() {
    let once = tags(&format!("{H264} -an"));
    let is_picture = |tag: &&(u8, u32, Vec<u8>)| tag.0 == VIDEO && tag.2[1] == 1;
    let mut long: Tags = once
        .iter()
        .filter(|tag| tag.0 != SCRIPT)
        .take(1)
        .cloned()
        .collect();
    for nth in 0..40 {
        for (kind, time, body) in once.iter().filter(is_picture) {
            // What makes the file long is no picture: it is skipped as a decoder does.
            let mut body = body.clone();
            body.extend([&[0, 0, 0x40, 0][..], &[12], &[0xff; 0x3fff]].concat());
            long.push((*kind, time + nth * 4000, body));
        }
    }
    let file = with_keyframes(&long, 0.0);
    let bytes = file.len() as u64;
    let stats = Arc::<ReadStats>::default();
    let source = CountingSource::new(Arc::new(FarBytes(Bytes(file))), Arc::clone(&stats));
    let mut index = crate::SparseIndex::read(&source, LIMITS).unwrap();
    index.focus(&source, &[100, 60_000, 141_000]).unwrap();
    assert!(stats.bytes() * 7 < bytes, "{} of {bytes}", stats.bytes());
    assert!(stats.requests() < 50, "{}", stats.requests());
}
