//! Ranges of a source that are in memory.

use std::collections::BTreeMap;
use std::ops::Range;

/// No two overlap.
#[derive(Debug)]
pub(super) struct KeptRanges {
    /// By where they begin.
    ranges: BTreeMap<u64, KeptRange>,
    /// Where they begin, by when they came.
    by_age: BTreeMap<u64, u64>,
    came: u64,
    bytes: u64,
    most_bytes: u64,
}

#[derive(Debug)]
struct KeptRange {
    came: u64,
    bytes: Vec<u8>,
}

/// Where what is kept is read again, as that costs less than a further request.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadGaps {
    /// Most bytes of it.
    pub(super) gap_bytes: u64,
    /// But not after so many.
    pub(super) enough_bytes: Option<u64>,
}

impl ReadGaps {
    /// Whether what is asked for from `offset` on ends where this is kept.
    fn ends(self, offset: u64, kept: &Range<u64>) -> bool {
        let is_enough = |enough: u64| kept.start - offset >= enough;
        kept.end - kept.start > self.gap_bytes || self.enough_bytes.is_some_and(is_enough)
    }
}

/// Each has a cost beside its bytes.
const MOST_RANGES: usize = 4096;

impl KeptRanges {
    /// Of so many bytes at most.
    pub(super) fn new(most_bytes: u64) -> Self {
        Self {
            ranges: BTreeMap::new(),
            by_age: BTreeMap::new(),
            came: 0,
            bytes: 0,
            most_bytes,
        }
    }

    /// Copies what is kept from `offset` on; so many bytes that is.
    pub(super) fn copy(&self, offset: u64, into: &mut [u8]) -> usize {
        let mut done = 0;
        while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let kept = self.from(offset + done as u64);
            if kept.is_empty() {
                break;
            }
            let count = kept.len().min(rest.len());
            rest[..count].copy_from_slice(&kept[..count]);
            done += count;
        }
        done
    }

    /// Of `most` bytes from `offset` on, so many to ask for at once: none where the first is kept.
    pub(super) fn missing(&self, offset: u64, most: usize, gaps: ReadGaps) -> usize {
        if !self.from(offset).is_empty() {
            return 0;
        }
        let end = offset + most as u64;
        let ends = |kept: &Range<u64>| kept.end >= end || gaps.ends(offset, kept);
        // As many as follow each other without a gap.
        let mut kept: Option<Range<u64>> = None;
        for (&from, range) in self.ranges.range(offset..end) {
            let until = from + range.bytes.len() as u64;
            match &mut kept {
                Some(before) if before.end == from => before.end = until,
                Some(before) if ends(before) => break,
                _ => kept = Some(from..until),
            }
        }
        let until = kept.filter(ends).map_or(end, |kept| kept.start);
        usize::try_from(until - offset).map_or(most, |missing| missing.min(most))
    }

    /// Keeps what was read at `offset`, in place of what has been kept for longest.
    pub(super) fn keep(&mut self, offset: u64, bytes: &[u8]) {
        // Two readers may bring the same.
        let from = offset + self.from(offset).len() as u64;
        let end = offset + bytes.len() as u64;
        let within: Vec<(u64, u64)> = self
            .ranges
            .range(from..end.max(from))
            .map(|(&at, range)| (at, at + range.bytes.len() as u64))
            .collect();
        let beyond = within.iter().find(|(_, range_end)| *range_end > end);
        let until = beyond.map_or(end, |&(at, _)| at);
        for (at, _) in within.into_iter().filter(|&(at, _)| at < until) {
            self.forget(at);
        }
        let part = (from - offset) as usize..(until.max(from) - offset) as usize;
        if let Some(bytes) = bytes.get(part).filter(|bytes| !bytes.is_empty()) {
            self.add(from, bytes.to_vec());
        }
    }

    fn add(&mut self, at: u64, bytes: Vec<u8>) {
        self.came += 1;
        self.bytes += bytes.len() as u64;
        self.by_age.insert(self.came, at);
        let came = self.came;
        self.ranges.insert(at, KeptRange { came, bytes });
        while (self.bytes > self.most_bytes || self.ranges.len() > MOST_RANGES)
            && let Some((_, &oldest)) = self.by_age.first_key_value()
        {
            self.forget(oldest);
        }
    }

    fn forget(&mut self, at: u64) {
        if let Some(range) = self.ranges.remove(&at) {
            self.by_age.remove(&range.came);
            self.bytes -= range.bytes.len() as u64;
        }
    }

    /// The rest of the range that holds the byte at `offset`; empty where none does.
    fn from(&self, offset: u64) -> &[u8] {
        let before = self.ranges.range(..=offset).next_back();
        let rest = before.and_then(|(at, range)| {
            let skipped = usize::try_from(offset - at).ok()?;
            range.bytes.get(skipped..)
        });
        rest.unwrap_or_default()
    }
}
