//! Samples in decoding order while the index is made.

use crate::IndexError;
use crate::clock::MovedSamples;
use plan::CodedSample;
use plan::SampleLimit;

/// The samples of a track; the three lists are of one length.
#[derive(Debug, Default)]
pub(super) struct TrackSamples {
    pub(super) stored: Vec<CodedSample>,
    /// Decoding times, never falling, ticks.
    pub(super) dts: Vec<i64>,
    /// Ticks.
    pub(super) durations: Vec<u32>,
    /// They need not be shown in decoding order.
    pub(super) has_offsets: bool,
    /// The sample descriptions, counted from 1, of samples that are not encrypted, in the order
    /// in which each came first.
    pub(super) clear_descriptions: Vec<u32>,
    /// Where another sample description begins: the sample, and the description.
    pub(super) described: Vec<(usize, u32)>,
    /// Those whose times were repaired.
    pub(super) moved: MovedSamples,
}

impl TrackSamples {
    pub(super) fn reserve(&mut self, count: usize) {
        self.stored.reserve_exact(count);
        self.dts.reserve_exact(count);
        self.durations.reserve_exact(count);
    }

    /// Takes note of the sample description of the next one.
    pub(super) fn describe(&mut self, description: u32, encrypted: bool) -> Result<(), IndexError> {
        /// Each change of it is a new one in some live streams; nobody compares so many.
        const MOST: usize = 64;
        if self
            .described
            .last()
            .is_none_or(|last| last.1 != description)
        {
            self.described.push((self.stored.len(), description));
        }
        let known = &mut self.clear_descriptions;
        if encrypted || known.last() == Some(&description) || known.contains(&description) {
            return Ok(());
        }
        known.push(description);
        let too_many = IndexError::Unsupported("it has too many sample descriptions");
        (known.len() <= MOST).then_some(()).ok_or(too_many)
    }

    /// Adds one, unless there are too many.
    pub(super) fn push(
        &mut self,
        sample: CodedSample,
        dts: i64,
        duration: u32,
        most: SampleLimit,
    ) -> Result<(), IndexError> {
        most.check(self.stored.len() + 1)?;
        self.stored.push(sample);
        self.dts.push(dts);
        self.durations.push(duration);
        Ok(())
    }

    /// Drops all but those from `first` to before `end`.
    pub(super) fn keep(&mut self, first: usize, end: usize) {
        self.stored.truncate(end);
        self.dts.truncate(end);
        self.durations.truncate(end);
        let first = first.min(self.stored.len());
        let after_first = self.described.partition_point(|last| last.0 <= first);
        self.described.drain(..after_first.saturating_sub(1));
        for (sample, _) in &mut self.described {
            *sample = sample.saturating_sub(first);
        }
        self.stored.drain(..first);
        self.dts.drain(..first);
        self.durations.drain(..first);
    }

    /// Moves all times.
    pub(super) fn move_by(&mut self, ticks: i64) -> Result<(), IndexError> {
        const FAR: IndexError = IndexError::Unsupported("its times are out of range");
        for (sample, dts) in self.stored.iter_mut().zip(&mut self.dts) {
            sample.pts = sample.pts.checked_add(ticks).ok_or(FAR)?;
            *dts = dts.checked_add(ticks).ok_or(FAR)?;
        }
        Ok(())
    }

    /// When the last shown sample's showing ends, ticks.
    pub(super) fn end(&self) -> Option<i64> {
        let shown = self.stored.iter().zip(&self.durations);
        let last = shown
            .filter(|(sample, _)| sample.shown)
            .max_by_key(|(sample, _)| sample.pts)?;
        Some(last.0.pts.saturating_add(i64::from(*last.1)))
    }
}
