//! A block's header and lacing: RFC 9559, 10.

use super::ebml::{DAMAGED, number};
use crate::IndexError;

/// The longest header (eight bytes of track number, time, flags, number of laced frames) and the
/// first two bytes of a frame.
pub(super) const HEADER_BYTES: u64 = 14;

/// How the frames of a block are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LacingKind {
    None,
    Xiph,
    Fixed,
    Ebml,
}

/// What a block begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockHeader {
    pub(super) track: u64,
    /// Since the cluster's time, ticks.
    pub(super) time: i16,
    /// Of a `SimpleBlock`: decoding can start here.
    pub(super) is_key: bool,
    /// How many frames it holds.
    pub(super) frames: usize,
    lacing: LacingKind,
    /// Before the sizes of laced frames, else before the frame.
    pub(super) bytes: usize,
}

impl BlockHeader {
    pub(super) fn parse(start: &[u8]) -> Option<Self> {
        let (track, width) = number(start)?;
        let time = start.get(width..width + 2)?.try_into().ok()?;
        let flags = *start.get(width + 2)?;
        let lacing = match (flags >> 1) & 3 {
            0 => LacingKind::None,
            1 => LacingKind::Xiph,
            2 => LacingKind::Fixed,
            _ => LacingKind::Ebml,
        };
        let (frames, bytes) = match lacing {
            LacingKind::None => (1, width + 3),
            _ => (usize::from(*start.get(width + 3)?) + 1, width + 4),
        };
        Some(Self {
            track,
            time: i16::from_be_bytes(time),
            is_key: flags & 0x80 != 0,
            frames,
            lacing,
            bytes,
        })
    }

    pub(super) fn is_laced(&self) -> bool {
        self.lacing != LacingKind::None
    }

    /// Where in the block each laced frame begins, and its bytes. `start` holds at least the
    /// sizes; the block has `block_bytes`.
    pub(super) fn laced(
        &self,
        start: &[u8],
        block_bytes: u64,
    ) -> Result<Vec<(u64, u64)>, IndexError> {
        let sizes = start.get(self.bytes..).ok_or(DAMAGED)?;
        let (mut sizes, read) = match self.lacing {
            LacingKind::Xiph => xiph(sizes, self.frames - 1).ok_or(DAMAGED)?,
            LacingKind::Ebml => ebml(sizes, self.frames - 1).ok_or(DAMAGED)?,
            LacingKind::None | LacingKind::Fixed => (Vec::new(), 0),
        };
        let mut at = (self.bytes + read) as u64;
        let left = block_bytes.checked_sub(at).ok_or(DAMAGED)?;
        if sizes.is_empty() && self.lacing == LacingKind::Fixed {
            let frames = self.frames as u64;
            if !left.is_multiple_of(frames) {
                return Err(DAMAGED);
            }
            sizes = vec![left / frames; self.frames];
        } else {
            let known: u64 = sizes
                .iter()
                .try_fold(0_u64, |sum, &size| sum.checked_add(size))
                .ok_or(DAMAGED)?;
            sizes.push(left.checked_sub(known).ok_or(DAMAGED)?);
        }
        Ok(sizes
            .into_iter()
            .map(|size| {
                let frame = (at, size);
                at += size;
                frame
            })
            .collect())
    }
}

/// Sizes as sums of bytes, of which all but the last are 255.
fn xiph(bytes: &[u8], count: usize) -> Option<(Vec<u64>, usize)> {
    let mut at = 0;
    let mut sizes = Vec::with_capacity(count);
    for _ in 0..count {
        let mut size = 0;
        loop {
            let byte = *bytes.get(at)?;
            at += 1;
            size += u64::from(byte);
            if byte != 255 {
                break;
            }
        }
        sizes.push(size);
    }
    Some((sizes, at))
}

/// The first size, then each one's difference to the one before.
fn ebml(bytes: &[u8], count: usize) -> Option<(Vec<u64>, usize)> {
    let mut at = 0;
    let mut sizes: Vec<u64> = Vec::with_capacity(count);
    for _ in 0..count {
        let (number, width) = number(bytes.get(at..)?)?;
        at += width;
        let size = match sizes.last() {
            None => number,
            Some(&before) => {
                let bias = (1_i64 << (7 * width - 1)) - 1;
                before.checked_add_signed(i64::try_from(number).ok()? - bias)?
            }
        };
        sizes.push(size);
    }
    Some((sizes, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_in_each_lacing() {
        // Sizes 800, 500 and 1000, as in RFC 9559, 10.3.
        let xiph = [0x81, 0, 0, 0x02, 2, 255, 255, 255, 35, 255, 245];
        let ebml = [0x81, 0, 0, 0x06, 2, 0x43, 0x20, 0x5e, 0xd3];
        let fixed = [0x81, 0, 0, 0x04, 2];
        let sizes = |bytes: &[u8], whole| -> Vec<u64> {
            let block = BlockHeader::parse(bytes).unwrap();
            let frames = block.laced(bytes, whole).unwrap();
            frames.into_iter().map(|(_, size)| size).collect()
        };
        assert_eq!(sizes(&xiph, 11 + 2300), [800, 500, 1000]);
        assert_eq!(sizes(&ebml, 9 + 2300), [800, 500, 1000]);
        assert_eq!(sizes(&fixed, 5 + 2400), [800, 800, 800]);
    }

    #[test]
    fn lies_of_laced_sizes_are_errors() {
        let start = [0x81, 0, 0, 0x02, 1, 255, 255, 10];
        let block = BlockHeader::parse(&start).unwrap();
        assert!(block.laced(&start, 100).is_err(), "more than the block");
        assert!(block.laced(&start[..6], 9000).is_err(), "cut off");
        let start = [0x81, 0, 0, 0x04, 2];
        let block = BlockHeader::parse(&start).unwrap();
        assert!(block.laced(&start, 5 + 100).is_err(), "not divisible");
    }
}
