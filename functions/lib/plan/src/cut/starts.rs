//! From which sync sample each target is decoded.

use super::error::CutPlanError;
use crate::CodedSample;

/// For each of `targets`, which rise, the last sync sample at or before it that is shown no
/// later than it.
pub(super) fn starts(
    samples: &[CodedSample],
    targets: &[usize],
) -> Result<Vec<usize>, CutPlanError> {
    let mut syncs = SyncStack::default();
    let mut from = 0;
    let mut starts = Vec::with_capacity(targets.len());
    for &target in targets {
        let until = samples
            .get(from..=target)
            .ok_or(CutPlanError::NoSync(target))?;
        for (at, sample) in until.iter().enumerate().filter(|(_, sample)| sample.sync) {
            syncs.add(from + at, sample.pts);
        }
        from = target + 1;
        let start = syncs.last_shown_by(samples[target].pts);
        starts.push(start.ok_or(CutPlanError::NoSync(target))?);
    }
    Ok(starts)
}

/// Sync samples that can still be the answer for some time: both positions and presentation
/// times rise. One that is shown no earlier than a later one has no more use, so that looking
/// up needs no walk back, however many leading pictures a file claims to have.
#[derive(Default)]
struct SyncStack {
    candidates: Vec<(usize, i64)>,
}

impl SyncStack {
    fn add(&mut self, at: usize, pts: i64) {
        while self
            .candidates
            .pop_if(|(_, earlier)| *earlier >= pts)
            .is_some()
        {}
        self.candidates.push((at, pts));
    }

    fn last_shown_by(&self, pts: i64) -> Option<usize> {
        let shown = self.candidates.partition_point(|&(_, sync)| sync <= pts);
        Some(self.candidates[..shown].last()?.0)
    }
}
