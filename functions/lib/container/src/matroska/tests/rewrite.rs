//! Elements changed by hand: what no muxer at hand writes.

use crate::matroska::ebml::elements;
use crate::matroska::ids;

/// An element around `body`, its size in eight bytes.
pub(super) fn element(id: u32, body: &[u8]) -> Vec<u8> {
    let id: Vec<u8> = id
        .to_be_bytes()
        .into_iter()
        .skip_while(|&b| b == 0)
        .collect();
    let size = (body.len() as u64 | 1 << 56).to_be_bytes();
    [&id[..], &size, body].concat()
}

/// An element of a number.
pub(super) fn number(id: u32, number: u64) -> Vec<u8> {
    element(id, &number.to_be_bytes())
}

/// Gets the identifiers of what holds an element, its own the last, and its body; what comes back
/// takes its place.
pub(super) type Change<'a> = &'a dyn Fn(&[u32], &[u8]) -> Option<Vec<u8>>;

const PARENTS: [u32; 6] = [
    ids::SEGMENT,
    ids::TRACKS,
    ids::TRACK_ENTRY,
    ids::VIDEO,
    ids::CLUSTER,
    ids::BLOCK_GROUP,
];

/// Changes elements of a file. What says where others lie is left out: it would be wrong.
pub(super) fn rewrite(file: &[u8], change: Change<'_>) -> Vec<u8> {
    inner(file, &[], change)
}

fn inner(body: &[u8], path: &[u32], change: Change<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for found in elements(body) {
        let found = found.unwrap();
        let path = [path, &[found.id]].concat();
        if matches!(found.id, ids::SEEK_HEAD | ids::CUES) {
            continue;
        }
        if let Some(changed) = change(&path, found.body) {
            out.extend(changed);
        } else if PARENTS.contains(&found.id) {
            out.extend(element(found.id, &inner(found.body, &path, change)));
        } else {
            out.extend(element(found.id, found.body));
        }
    }
    out
}
