//! An edit list of two parts (ISO/IEC 14496-12, 8.6.6), in a file of one track whose index lies at
//! its end.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

/// From the track's one edit: shows `first_s`, leaves out `hidden_s`, and shows the rest.
pub(super) fn split(path: &Path, first_s: u32, hidden_s: u32) -> io::Result<()> {
    let mut bytes = fs::read(path)?;
    let edited = edited(&mut bytes, first_s, hidden_s);
    edited.ok_or_else(|| io::Error::other(format!("{}: no single edit", path.display())))?;
    fs::write(path, bytes)
}

const ENTRY_BYTES: usize = 12;

fn edited(bytes: &mut Vec<u8>, first_s: u32, hidden_s: u32) -> Option<()> {
    let moov = child(bytes, 0..bytes.len(), b"moov")?;
    let trak = child(bytes, moov.clone(), b"trak")?;
    let edts = child(bytes, trak.clone(), b"edts")?;
    let elst = child(bytes, edts.clone(), b"elst")?;
    let mdia = child(bytes, trak.clone(), b"mdia")?;
    let movie_scale = timescale(bytes, &child(bytes, moov.clone(), b"mvhd")?)?;
    let media_scale = timescale(bytes, &child(bytes, mdia, b"mdhd")?)?;
    // Version and flags, the number of entries, and of the one entry: duration, begin, rate.
    let is_single = word(bytes, elst.start)? == 0 && word(bytes, elst.start + 4)? == 1;
    let entry = elst.start + 8;
    let (whole, begin) = (word(bytes, entry)?, word(bytes, entry + 4)?);
    let first = first_s * movie_scale;
    let rest = whole.checked_sub(first + hidden_s * movie_scale)?;
    let second_begin = begin + (first_s + hidden_s) * media_scale;
    if !is_single {
        return None;
    }
    put(bytes, elst.start + 4, 2);
    put(bytes, entry, first);
    let mut second = bytes[entry..entry + ENTRY_BYTES].to_vec();
    put(&mut second, 0, rest);
    put(&mut second, 4, second_begin);
    bytes.splice(elst.end..elst.end, second);
    for grown in [moov, trak, edts, elst] {
        let size = word(bytes, grown.start - 8)? + ENTRY_BYTES as u32;
        put(bytes, grown.start - 8, size);
    }
    Some(())
}

/// The content of the first box of this kind in the box whose content is `parent`.
fn child(bytes: &[u8], parent: Range<usize>, kind: &[u8; 4]) -> Option<Range<usize>> {
    let mut at = parent.start;
    while at + 8 <= parent.end {
        let (size, header) = match word(bytes, at)? {
            1 => (
                u64::from(word(bytes, at + 8)?) << 32 | u64::from(word(bytes, at + 12)?),
                16,
            ),
            size => (u64::from(size), 8),
        };
        let end = at + usize::try_from(size).ok()?;
        if bytes.get(at + 4..at + 8)? == kind {
            return Some(at + header..end);
        }
        at = end.max(at + header);
    }
    None
}

/// Of `mvhd` and `mdhd`, version 0.
fn timescale(bytes: &[u8], header: &Range<usize>) -> Option<u32> {
    (word(bytes, header.start)? == 0).then(|| word(bytes, header.start + 12))?
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
}
