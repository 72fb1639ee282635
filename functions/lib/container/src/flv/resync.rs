//! Where a tag begins, amid a file: tags tell how long they are before and behind what they hold, so
//! that a place that looks like one is one where another one follows it.

use super::tag::{HEADER_BYTES, SIZE_BYTES};

/// The first tag in `bytes`, which begin at `at` of a file of so many bytes, that is whole in them and
/// has another one behind it, or the end of the file.
pub(super) fn find_tag(bytes: &[u8], at: u64, file_bytes: u64) -> Option<u64> {
    let places = 0..bytes.len().saturating_sub(HEADER_BYTES as usize);
    let found = places.into_iter().find(|&place| {
        let next = behind_tag(&bytes[place..]).map(|length| place + length);
        next.is_some_and(|next| {
            let is_end = at + next as u64 == file_bytes;
            is_end || bytes.get(next..).is_some_and(begins_tag)
        })
    });
    found.map(|place| at + place as u64)
}

/// Whether these are the first bytes of a tag.
fn begins_tag(bytes: &[u8]) -> bool {
    matches!(bytes, [8 | 9 | 18, _, _, _, _, _, _, _, 0, 0, 0, ..])
}

/// How long the tag is that these bytes begin with, where its length stands behind it as well.
fn behind_tag(bytes: &[u8]) -> Option<usize> {
    let header = bytes.first_chunk::<4>().filter(|_| begins_tag(bytes))?;
    let held = u32::from_be_bytes([0, header[1], header[2], header[3]]);
    let length = held as usize + HEADER_BYTES as usize;
    let said = bytes.get(length..)?.first_chunk::<4>()?;
    (u32::from_be_bytes(*said) as usize == length).then_some(length + SIZE_BYTES as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flv::tests::rewrite::{VIDEO, flv};

    #[test]
    fn a_tag_is_found_from_anywhere_before_it() {
        let tags = (0..4).map(|nth| (VIDEO, nth * 40, vec![9; 60])).collect();
        let (file, places) = flv(&tags);
        let end = file.len() as u64;
        for from in 0..file.len() {
            let expected = places.iter().find(|&&place| place >= from);
            let found = find_tag(&file[from..], from as u64, end);
            assert_eq!(found, expected.map(|&place| place as u64), "from {from}");
        }
        // Neither is whole, or nothing tells that another one follows.
        assert_eq!(find_tag(&file[..70], 0, end), None);
        assert_eq!(find_tag(&file[..90], 0, end), None);
        assert_eq!(find_tag(&[], 7, end), None);
    }
}
