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
            let known = self.parts.get(&part).map_or(0, Vec::len);
            if read.is_whole {
                self.fronts.remove(&part);
            } else if known < read.samples.len() {
                self.fronts.insert(part);
            } else {
                // What was known before stays known.
                continue;
            }
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
        let rate = self.rate_of_single_groups();
        let front = |(part, until_ms)| WantedFront {
            part,
            until_ms,
            row_end: rate.map_or(0, |rate| self.front_row_end(part, until_ms, rate)),
        };
        let mut wanted: Vec<WantedFront> = wanted.into_iter().map(front).collect();
        let row = |front: &WantedFront| front.row_end.saturating_sub(self.marks[front.part].at);
        let bytes: u64 = wanted.iter().map(row).sum();
        let most = wanted.iter().map(row).max().unwrap_or(0);
        // Samples that are not kept until they are wanted would be read twice; small ones are anyway.
        let are_kept = bytes <= self.keeps_bytes / 4 * 3 || self.is_dense();
        if !are_kept || most > self.keeps_bytes / 4 {
            for front in &mut wanted {
                front.row_end = 0;
            }
        }
        wanted
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

    /// Frames per second, where all samples before one are decoded for it: a part is a group, as the first one
    /// is. None where it is not, or nothing more is to be known.
    fn rate_of_single_groups(&self) -> Option<f64> {
        let first = self.parts.get(&0)?;
        let syncs = first.iter().filter(|sample| sample.sync).count();
        self.frame_rate().filter(|_| syncs == 1)
    }

    /// About where the sample shown at `at_ms` ends: as if all samples of a part had one size.
    fn front_row_end(&self, part: usize, at_ms: u64, rate: f64) -> u64 {
        let (mark, Some(next)) = (self.marks[part], self.marks.get(part + 1)) else {
            return 0;
        };
        let base = self.facts.time_base;
        let tick_s = f64::from(base.num) / f64::from(base.den);
        let origin = self.known.origin();
        let begin = mark.time.max(origin);
        let since = |from: i64, to: i64| to.saturating_sub(from) as f64 * tick_s;
        let wanted_s = at_ms as f64 / 1000.0 - since(origin, begin);
        if wanted_s < 0.0 {
            return 0;
        }
        let share = ((wanted_s + rate.recip()) / since(begin, next.time)).clamp(0.0, 1.0);
        mark.at + ((next.at - mark.at) as f64 * share) as u64
    }
}
