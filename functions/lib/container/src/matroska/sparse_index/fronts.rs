//! Parts that are left as soon as it is known what is shown: pictures are stored in the order in which they
//! are shown.

use super::{CuedIndex, PartRead};
use crate::IndexError;
use crate::known_front::KnownFront;
use crate::matroska::scan::SegmentScan;
use crate::shared_reads::{read_shares, readers};
use plan::{CodedSample, SampleLimit};
use source::RangeSource;
use std::collections::BTreeMap;

/// A part to be read until what is shown at a time is known, and the sync sample nearest.
#[derive(Debug, Clone, Copy)]
struct WantedFront {
    part: usize,
    until_ms: u64,
    /// Up to here samples are read along with their headers: they are decoded anyway.
    row_end: u64,
}

impl CuedIndex {
    pub(super) fn read_fronts(
        &mut self,
        source: &dyn RangeSource,
        points_ms: &[u64],
    ) -> Result<(), IndexError> {
        let wanted = self.wanted_fronts(points_ms);
        let readers = readers(source);
        let most = self.limits.samples.shared(readers);
        let read = read_shares(readers, &wanted, |share| {
            self.read_front_share(source, (share, &wanted), most)
        })?;
        for (part, read) in read {
            match read.is_whole {
                true => self.fronts.remove(&part),
                false => self.fronts.insert(part),
            };
            self.parts.insert(part, read.samples);
        }
        self.check_count()
    }

    /// Each part once, rising.
    fn wanted_fronts(&self, points_ms: &[u64]) -> Vec<WantedFront> {
        let mut wanted = BTreeMap::new();
        for &at_ms in points_ms.iter().filter(|&&at_ms| !self.knows(at_ms)) {
            let part = self.part_at(at_ms);
            let part = part + usize::from(self.is_whole(part));
            if part < self.marks.len() && !self.is_whole(part) {
                let until_ms = wanted.entry(part).or_insert(at_ms);
                *until_ms = at_ms.max(*until_ms);
            }
        }
        let row = |(&part, &until_ms): (&usize, &u64)| {
            let end = self.front_row_end(part, until_ms);
            end.saturating_sub(self.marks[part].at)
        };
        let bytes: u64 = wanted.iter().map(row).sum();
        let most = wanted.iter().map(row).max().unwrap_or(0);
        // What is not kept until samples are read would be read twice.
        let are_kept = bytes <= self.keeps_bytes / 4 * 3 && most <= self.keeps_bytes / 4;
        let front = |(part, until_ms)| WantedFront {
            part,
            until_ms,
            row_end: match are_kept {
                true => self.front_row_end(part, until_ms),
                false => 0,
            },
        };
        wanted.into_iter().map(front).collect()
    }

    fn is_whole(&self, part: usize) -> bool {
        self.parts.contains_key(&part) && !self.fronts.contains(&part)
    }

    fn read_front_share(
        &self,
        source: &dyn RangeSource,
        (share, wanted): (&[WantedFront], &[WantedFront]),
        most: SampleLimit,
    ) -> Result<Vec<(usize, PartRead)>, IndexError> {
        let mut scan = self.scan(source);
        let (mut found, mut left) = (Vec::new(), most);
        let is_wanted = |part| wanted.binary_search_by_key(&part, |front| front.part);
        for &front in share {
            let mut known = self.known_before(front.part);
            let mut next = Some(front);
            while let Some(front) = next.take() {
                let read = self.front(&mut scan, front, &mut known, left)?;
                left = left.beside(read.samples.len());
                let part = front.part + 1;
                let is_there = is_wanted(part).is_ok() || self.is_whole(part);
                if read.is_whole
                    && part < self.marks.len()
                    && !is_there
                    && !self.has_later_sync(&read.samples, front.until_ms)
                {
                    next = Some(WantedFront {
                        part,
                        row_end: 0,
                        ..front
                    });
                }
                found.push((front.part, read));
            }
        }
        Ok(found)
    }

    fn known_before(&self, part: usize) -> KnownFront {
        let before = part.checked_sub(1).filter(|&before| self.is_whole(before));
        let before = before.and_then(|before| self.parts.get(&before));
        before.map_or_else(KnownFront::default, |before| KnownFront::of(before))
    }

    fn has_later_sync(&self, samples: &[CodedSample], at_ms: u64) -> bool {
        let mut syncs = samples.iter().filter(|sample| sample.sync);
        syncs.any(|sync| !self.is_by(sync.pts, at_ms))
    }

    fn front(
        &self,
        scan: &mut SegmentScan<'_>,
        wanted: WantedFront,
        known: &mut KnownFront,
        most: SampleLimit,
    ) -> Result<PartRead, IndexError> {
        let WantedFront { part, until_ms, .. } = wanted;
        scan.reader.expect_row(wanted.row_end);
        let mark = self.marks[part].time;
        let (mut taken, mut is_marked) = (0, part == 0);
        self.part(scan, part, &mut [], most, &mut |samples| {
            let new = &samples[taken..];
            taken = samples.len();
            known.extend(new);
            is_marked |= new.iter().any(|sample| sample.sync && sample.pts == mark);
            let until = known.until(self.facts.time_base);
            is_marked && until.is_some_and(|until| !self.is_by(until, until_ms))
        })
    }

    /// About where the sample shown at `at_ms` ends: as if all samples of a part had one size. 0 where not
    /// all samples before it are decoded for it, or nothing is known of those.
    fn front_row_end(&self, part: usize, at_ms: u64) -> u64 {
        let first = self.parts.get(&0);
        let syncs = first.map_or(0, |first| first.iter().filter(|sample| sample.sync).count());
        let (Some(next), Some(rate), 1) = (self.marks.get(part + 1), self.frame_rate(), syncs)
        else {
            return 0;
        };
        let base = self.facts.time_base;
        let tick_s = f64::from(base.num) / f64::from(base.den);
        let origin = self.known.origin();
        let mark = self.marks[part];
        let ticks = |from: i64, to: i64| to.saturating_sub(from) as f64;
        let begin = ticks(origin, mark.time.max(origin)) * tick_s;
        let whole = ticks(mark.time.max(origin), next.time) * tick_s;
        let wanted = at_ms as f64 / 1000.0 - begin;
        if wanted < 0.0 {
            return 0;
        }
        let share = ((wanted + rate.recip()) / whole).clamp(0.0, 1.0);
        let bytes = next.at - mark.at;
        mark.at + (bytes as f64 * share) as u64
    }
}
