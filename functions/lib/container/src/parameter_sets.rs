//! Whether the parameter sets of a file differ: told from its bytes, without a demuxer.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// `profile_idc` of H.264.
const PROFILES: [u8; 7] = [66, 77, 88, 100, 110, 122, 244];

/// Read in parts of this size, each with what the next begins with.
const PART_BYTES: usize = 1 << 20;
const OVERLAP_BYTES: usize = 64;

/// Of a parameter set: what tells the shape of a pixel lies in it where it does not lie across two
/// packets, and where it does the sets look different.
const SET_BYTES: usize = 40;

/// Few are enough to know.
const MOST_SETS: usize = 2;

/// Whether `file` may hold parameter sets of `codec` that differ. It may say so of a file where
/// they don't: other bytes can look like one.
///
/// # Errors
/// The file could not be read.
pub fn may_change(codec: &str, file: &File) -> io::Result<bool> {
    let mut sets = BTreeSet::new();
    let mut part = vec![0; PART_BYTES + OVERLAP_BYTES];
    let mut at = 0;
    loop {
        let read = read_at(file, &mut part, at)?;
        let begins = if read == part.len() { PART_BYTES } else { read };
        for place in 3..begins {
            // The last byte of a start code, or of a length.
            let is_candidate = part[place - 1] == 0 && part[place - 2] == 0;
            if is_candidate && begins_set(codec, &part[place - 3..read]) {
                sets.insert(one_set(&part[place + 1..read]));
            }
        }
        if sets.len() >= MOST_SETS || begins < PART_BYTES {
            return Ok(sets.len() >= MOST_SETS);
        }
        // What begins a set may lie across two parts.
        at += PART_BYTES as u64 - 3;
    }
}

/// Reads as much as there is.
///
/// # Errors
/// The file could not be read.
pub fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match file.read_at(&mut into[filled..], at + filled as u64)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// `bytes` are three bytes, the last of a start code or of a length, and what follows.
fn begins_set(codec: &str, bytes: &[u8]) -> bool {
    let [before, 0, 0, last, first, second, ..] = *bytes else {
        return false;
    };
    let is_length = before == 0 && usize::from(last) <= OVERLAP_BYTES;
    match codec {
        "mpeg2video" => last == 1 && first == 0xb3,
        // A sequence parameter set, or the version and the profile of an FLV's configuration record.
        "h264" => {
            let is_set = first & 0x9f == 7 && PROFILES.contains(&second);
            is_set && (last == 1 || is_length)
                || last == 1 && before == 0 && PROFILES.contains(&first)
        }
        "hevc" => (first >> 1) & 0x3f == 33 && second == 1 && (last == 1 || is_length),
        _ => false,
    }
}

/// Up to where the next unit begins.
fn one_set(bytes: &[u8]) -> Vec<u8> {
    let set = &bytes[..bytes.len().min(SET_BYTES)];
    let next = set.windows(3).position(|window| window == [0, 0, 1]);
    set[..next.unwrap_or(set.len())].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn differ(codec: &str, bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        may_change(codec, &file).unwrap()
    }

    #[test]
    fn sets_that_differ_are_told_wherever_they_lie() {
        let set = |aspect: u8| [0, 0, 0, 1, 0xb3, 45, 2, 64, aspect, 0, 0, 1, 0xb8, 9];
        let far = vec![7; PART_BYTES - 5];
        let alike = [&set(0x23)[..], &far, &set(0x23)].concat();
        let other = [&set(0x23)[..], &far, &set(0x33)].concat();
        assert!(!differ("mpeg2video", &alike));
        assert!(differ("mpeg2video", &other));
        assert!(!differ("mpeg2video", &set(0x23)));
        assert!(!differ("mpeg2video", &[]));
        let behind_length = |aspect: u8| [0, 0, 0, 6, 0x67, 100, 0, 30, aspect, 8];
        let both = [behind_length(1), behind_length(2)].concat();
        assert!(differ("h264", &both));
    }
}
