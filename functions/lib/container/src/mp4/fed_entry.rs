//! The sample entry as it is fed to a decoder: the source's own, without what versions of ffmpeg
//! take differently.

use super::boxes::{Mp4Box, boxes};
use crate::fmp4::boxed;

/// What comes before the boxes of a visual sample entry.
pub(super) const VISUAL_BYTES: usize = 78;

/// What we apply ourselves, since ffmpeg crops by `clap` from 7.1 on; and how samples are
/// encrypted: those that are fed are not.
const DROPPED: [&[u8; 4]; 2] = [b"clap", b"sinf"];

/// With the name of the codec itself, `kind`, in place of a brand's name of it.
pub(super) fn fed(entry: Mp4Box<'_>, kind: [u8; 4]) -> Vec<u8> {
    let kind = plain_kind(kind);
    let (head, inner) = entry.body.split_at(VISUAL_BYTES.min(entry.body.len()));
    let is_dropped = |boxed: &Mp4Box<'_>| DROPPED.contains(&&boxed.kind);
    if kind == entry.kind && !boxes(inner).any(|boxed| is_dropped(&boxed)) {
        return entry.whole.to_vec();
    }
    let mut parts = vec![head];
    let mut read = 0;
    for found in boxes(inner) {
        read += found.whole.len();
        if !is_dropped(&found) {
            parts.push(found.whole);
        }
    }
    // `QuickTime` ends a list of boxes with what is none.
    parts.push(inner.get(read..).unwrap_or_default());
    boxed(kind, &parts)
}

/// Dolby Vision's names of sample entries that hold ordinary streams: Dolby Vision Streams Within
/// the ISO Base Media File Format, 2.2. No ffmpeg knows all of them.
pub(super) fn plain_kind(kind: [u8; 4]) -> [u8; 4] {
    match &kind {
        b"dvh1" => *b"hvc1",
        b"dvhe" => *b"hev1",
        b"dva1" => *b"avc1",
        b"dvav" => *b"avc3",
        b"dav1" => *b"av01",
        _ => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
        boxed(kind, &[&[&[7; VISUAL_BYTES][..]], parts].concat())
    }

    fn fed_bytes(whole: &[u8]) -> Vec<u8> {
        let entry = boxes(whole).next().unwrap();
        fed(entry, entry.kind)
    }

    #[test]
    fn only_what_is_applied_by_us_is_left_out() {
        let (clap, pasp) = (boxed(*b"clap", &[&[1; 32]]), boxed(*b"pasp", &[&[0; 8]]));
        let end = [0; 4];
        let whole = entry(*b"avc1", &[&clap, &pasp, &end]);
        assert_eq!(fed_bytes(&whole), entry(*b"avc1", &[&pasp, &end]));
        let plain = entry(*b"avc1", &[&pasp, &end]);
        assert_eq!(fed_bytes(&plain), plain);
    }

    #[test]
    fn a_brand_of_a_codec_is_fed_as_the_codec() {
        for (brand, kind) in [(*b"dav1", *b"av01"), (*b"dvhe", *b"hev1")] {
            assert_eq!(fed_bytes(&entry(brand, &[])), entry(kind, &[]));
        }
    }
}
