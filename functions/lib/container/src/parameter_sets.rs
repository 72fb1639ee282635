//! Whether the parameter sets of a file tell several shapes of a pixel: told from its bytes, without
//! a demuxer.

use bitstream::aspect_of_parameter_set;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// `profile_idc` of H.264.
const PROFILES: [u8; 7] = [66, 77, 88, 100, 110, 122, 244];

/// Of a parameter set: what tells the shape of a pixel lies in it.
const SET_BYTES: usize = 64;
/// Where the set lies in the record that an FLV begins with, which is as long.
const SET_IN_RECORD: usize = 8;
/// What of the end of a part is looked at with the next one.
const OVERLAP_BYTES: usize = SET_BYTES + SET_IN_RECORD + 4;
/// Of a unit whose length comes before it.
const MOST_LENGTH: u8 = 64;

/// A transport stream's packets begin so: one may lie across the set, after a start code.
const PACKET_START: u8 = 0x47;

/// Few are enough to know.
const MOST_SHAPES: usize = 2;

/// Looks for parameter sets of a codec in a file's bytes.
#[derive(Debug)]
pub struct ParameterSets<'a> {
    codec: &'a str,
    told: BTreeSet<ToldShape>,
    carried: Vec<u8>,
}

/// What one of them tells.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ToldShape {
    Aspect((u32, u32)),
    /// It is not read, or does not lie in one piece: another one may tell another shape.
    Unread(Vec<u8>),
}

impl<'a> ParameterSets<'a> {
    /// Of the codec that ffmpeg calls so; finds nothing of those whose sets are not known.
    #[must_use]
    pub fn of(codec: &'a str) -> Self {
        Self {
            codec,
            told: BTreeSet::new(),
            carried: Vec::new(),
        }
    }

    /// Whether they may tell several shapes. It may say so of a file where they don't: other bytes
    /// can look like one.
    #[must_use]
    pub fn differ(mut self) -> bool {
        let rest = std::mem::take(&mut self.carried);
        self.look(&rest, rest.len());
        self.is_enough()
    }

    /// Whether it needs no more bytes.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.told.len() >= MOST_SHAPES
    }

    /// Takes the bytes that follow.
    pub fn take(&mut self, part: &[u8]) {
        let head = &part[..part.len().min(2 * OVERLAP_BYTES)];
        let across = [&self.carried[..], head].concat();
        let (last, end) = match head.len() == part.len() {
            true => (&across[..], across.len().saturating_sub(OVERLAP_BYTES)),
            false => {
                self.look(&across, self.carried.len() + 1);
                (part, part.len() - OVERLAP_BYTES)
            }
        };
        self.look(last, end);
        self.carried = last[end.saturating_sub(1)..].to_vec();
    }

    /// Looks at those whose two bytes of zero begin before `end`, and after the first byte.
    fn look(&mut self, bytes: &[u8], end: usize) {
        const BLOCK: usize = 64;
        let mut at = 0;
        while at < end && !self.is_enough() {
            let until = (at + BLOCK).min(end);
            // Whole blocks are compared at once by the processor, and few have such a pair.
            if has_zero_pair(&bytes[at..(until + 1).min(bytes.len())]) {
                for zeros in at.max(1)..until {
                    self.look_at(bytes, zeros);
                }
            }
            at = until;
        }
    }

    fn look_at(&mut self, bytes: &[u8], zeros: usize) {
        let Some([before, 0, 0, last, first, second]) = bytes
            .get(zeros - 1..zeros + 5)
            .and_then(|bytes| <[u8; 6]>::try_from(bytes).ok())
        else {
            return;
        };
        let is_length = before == 0 && last <= MOST_LENGTH;
        let set = match self.codec {
            "mpeg2video" if last == 1 && first == 0xb3 => 0,
            "h264"
                if first & 0x9f == 7 && PROFILES.contains(&second) && (last == 1 || is_length) =>
            {
                0
            }
            // The version and the profile of an FLV's configuration record.
            "h264" if last == 1 && before == 0 && PROFILES.contains(&first) => SET_IN_RECORD - 1,
            "hevc" if (first >> 1) & 0x3f == 33 && second == 1 && (last == 1 || is_length) => 0,
            _ => return,
        };
        if let Some(bytes) = bytes.get(zeros + 3 + set..) {
            let is_in_packets = last == 1 && set == 0;
            self.told.insert(self.shape(one_set(bytes), is_in_packets));
        }
    }

    fn shape(&self, set: &[u8], is_in_packets: bool) -> ToldShape {
        let aspect = match is_in_packets && set.contains(&PACKET_START) {
            true => None,
            false => aspect_of_parameter_set(self.codec, set),
        };
        aspect.map_or_else(|| ToldShape::Unread(set.to_vec()), ToldShape::Aspect)
    }
}

fn has_zero_pair(block: &[u8]) -> bool {
    let next = block.get(1..).unwrap_or_default();
    let pairs = block.iter().zip(next);
    let found = pairs.fold(0, |found, (one, other)| found | u8::from(one | other == 0));
    found != 0
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

/// Up to where the next unit begins.
fn one_set(bytes: &[u8]) -> &[u8] {
    let set = &bytes[..bytes.len().min(SET_BYTES)];
    let next = set.windows(3).position(|window| window == [0, 0, 1]);
    &set[..next.unwrap_or(set.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(codec: &str, bytes: &[u8], part: usize) -> bool {
        let mut sets = ParameterSets::of(codec);
        bytes.chunks(part).for_each(|part| sets.take(part));
        sets.differ()
    }

    #[test]
    fn sets_that_differ_are_told_wherever_they_lie() {
        let set = |aspect: u8| [0, 0, 0, 1, 0xb3, 45, 2, 64, aspect, 0, 0, 1, 0xb8, 9];
        let far = vec![7; 1000];
        let alike = [&set(0x23)[..], &far, &set(0x23)].concat();
        let other = [&set(0x23)[..], &far, &set(0x33)].concat();
        for part in [1, 5, 63, 64, 65, 100, 1010, 1020, 4096] {
            assert!(!differ("mpeg2video", &alike, part), "{part}");
            assert!(differ("mpeg2video", &other, part), "{part}");
        }
        assert!(!differ("mpeg2video", &set(0x23), 99));
        assert!(!differ("mpeg2video", &[], 99));
        let behind_length = |aspect: u8| [0, 0, 0, 6, 0x67, 100, 0, 30, aspect, 8];
        let both = [behind_length(1), behind_length(2)].concat();
        assert!(differ("h264", &both, 99), "none of them is whole");
    }

    /// Of a 640x360 clip by x264.
    const SET: [u8; 25] = [
        103, 100, 0, 30, 172, 217, 64, 160, 47, 249, 97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 50, 15, 22, 45,
        150,
    ];

    /// Each FLV seemed to have two, and was read once more.
    #[test]
    fn the_record_of_an_flv_tells_the_same_shape_as_its_frames() {
        let record = [&[0, 0, 0, 1, 100, 0, 30, 255, 225, 0, 25], &SET[..]].concat();
        // What follows is not of the set.
        let frame = [&[0, 0, 0, 25], &SET[..], &[0, 0, 70, 9, PACKET_START]].concat();
        let file = [&record[..], &[9; 300], &frame, &[9; 90]].concat();
        assert!(!differ("h264", &file, 128));
    }
}
