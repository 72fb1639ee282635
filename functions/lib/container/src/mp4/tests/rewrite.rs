//! Boxes changed by hand: what no muxer at hand writes.

use crate::mp4::boxes::boxes;

/// A box around `body`.
pub(super) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let bytes = u32::try_from(body.len() + 8).unwrap();
    [&bytes.to_be_bytes(), &kind[..], body].concat()
}

/// The body of a table: version, flags, count and rows.
pub(super) fn table(rows: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(rows.len()).unwrap().to_be_bytes();
    [&[0; 4][..], &count, &rows.concat()].concat()
}

/// Big-endian numbers.
pub(super) fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// The numbers in a table's rows.
pub(super) fn numbers(body: &[u8], skipped: usize) -> Vec<u32> {
    let (words, _) = body[skipped..].as_chunks();
    words.iter().map(|word| u32::from_be_bytes(*word)).collect()
}

/// The path of a box is the kinds from the file on, such as `moov trak`; the number counts boxes
/// of this path from 0. What comes back takes the place of the box.
pub(super) type Change<'a> = &'a dyn Fn(&str, usize, &[u8]) -> Option<Vec<u8>>;

/// Changes boxes of a file whose media data comes before its header.
pub(super) fn rewrite(file: &[u8], change: Change<'_>) -> Vec<u8> {
    let mut seen = Vec::new();
    inner(file, "", change, &mut seen)
}

const CONTAINERS: [&[u8; 4]; 7] = [
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta",
];

fn inner(body: &[u8], path: &str, change: Change<'_>, seen: &mut Vec<String>) -> Vec<u8> {
    let mut out = Vec::new();
    for found in boxes(body) {
        let kind = String::from_utf8_lossy(&found.kind);
        let path = format!("{path} {kind}").trim().to_owned();
        let number = seen.iter().filter(|known| **known == path).count();
        seen.push(path.clone());
        if let Some(changed) = change(&path, number, found.body) {
            out.extend(changed);
        } else if CONTAINERS.contains(&&found.kind) {
            out.extend(boxed(&found.kind, &inner(found.body, &path, change, seen)));
        } else {
            out.extend(found.whole);
        }
    }
    out
}
