//! A file read from its beginning to its end, once.

use crate::IndexError;
use source::RangeSource;

const WINDOW_BYTES: u64 = 256 << 10;
/// Where each request takes its time.
const FAR_WINDOW_BYTES: u64 = 4 << 20;

/// So many bytes are read at a time.
pub(crate) fn window_bytes(source: &dyn RangeSource) -> u64 {
    match source.path() {
        Some(_) => WINDOW_BYTES,
        None => FAR_WINDOW_BYTES,
    }
}

/// Gives all bytes to `take`, each time with what it left over before and where that begins; it says how
/// many it takes. What it left over where the file ends.
pub(crate) fn each_window(
    source: &dyn RangeSource,
    mut take: impl FnMut(&[u8], u64) -> Result<usize, IndexError>,
) -> Result<Vec<u8>, IndexError> {
    let (end, window_bytes) = (source.bytes(), window_bytes(source));
    let (mut at, mut read_to, mut bytes) = (0, 0, Vec::new());
    while read_to < end {
        let length = window_bytes.min(end - read_to);
        let held = bytes.len();
        bytes.resize(held + usize::try_from(length).unwrap_or(0), 0);
        source.read_at(read_to, &mut bytes[held..])?;
        read_to += length;
        let done = take(&bytes, at)?;
        bytes.drain(..done);
        at += done as u64;
    }
    Ok(bytes)
}
