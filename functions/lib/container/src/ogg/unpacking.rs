//! A frame taken out of the pages that it lies in.

use super::page::{Page, captures};

/// The bytes of a frame: `stored` begins with its first one and goes on to its last one, or breaks off
/// before. No frame of an index holds what pages begin with, so that the first of those ends its first
/// part.
pub(crate) fn unpacked(stored: Vec<u8>, serial: u32) -> Vec<u8> {
    let Some(mut at) = captures(&stored).next() else {
        return stored;
    };
    let mut bytes = stored[..at].to_vec();
    while let Ok(Some((page, length))) = Page::header(&stored[at..], 0) {
        if page.serial == serial {
            let segments = page.segments.iter().map(|&bytes| usize::from(bytes));
            let whole = segments.clone().take_while(|&bytes| bytes == 255).count();
            let held: usize = segments.take(whole + 1).sum();
            bytes.extend(&page.body[..held.min(page.body.len())]);
            if whole < page.segments.len() {
                break;
            }
        }
        at += length;
        if at > stored.len() {
            break;
        }
    }
    bytes
}
