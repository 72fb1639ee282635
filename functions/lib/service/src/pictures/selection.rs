//! Which frame stands for which time point.

use super::failure::Interrupted;
use artifacts::manifest::{Missing, Reason};
use contract::snapshot::{FrameType, SnapshotSpec};
use plan::{Timeline, points};
use std::collections::{BTreeMap, BTreeSet};

/// One picture to take.
pub(super) struct SelectedShot {
    pub(super) requested_ms: u64,
}

/// The pictures of a job, in the order their files are numbered.
pub(super) struct Selection {
    pub(super) taken: Vec<SelectedShot>,
    /// Frame of the timeline to the shots it stands for.
    pub(super) by_frame: BTreeMap<usize, Vec<usize>>,
    pub(super) missing: Vec<Missing>,
}

/// The times that `spec` takes of a video, ms.
pub(super) fn times(
    spec: &SnapshotSpec,
    duration_ms: u64,
    limit: u32,
) -> Result<Vec<u64>, Interrupted> {
    let plan = points::plan(&spec.points, duration_ms, limit)?;
    Ok(plan.inside.iter().map(|point| point.at_ms).collect())
}

/// The shots of `spec`, leaving out `damaged` frames.
pub(super) fn choose(
    spec: &SnapshotSpec,
    timeline: &Timeline,
    limit: u32,
    damaged: &BTreeSet<usize>,
) -> Result<Selection, Interrupted> {
    let plan = points::plan(&spec.points, timeline.duration_ms(), limit)?;
    let mut selection = Selection {
        taken: Vec::new(),
        by_frame: BTreeMap::new(),
        missing: Vec::new(),
    };
    for point in plan.inside {
        match frame_at(spec.frame_type, timeline, point.at_ms) {
            None => selection.miss(point.at_ms, Reason::NoFrame),
            Some(frame) if damaged.contains(&frame) => selection.miss(point.at_ms, Reason::Damaged),
            Some(frame) => selection.take(point.at_ms, frame),
        }
    }
    for point in plan.beyond_end {
        selection.miss(point.at_ms, Reason::BeyondEnd);
    }
    Ok(selection)
}

fn frame_at(frame_type: FrameType, timeline: &Timeline, at_ms: u64) -> Option<usize> {
    match frame_type {
        FrameType::Normal => Some(timeline.shown_at(at_ms)),
        FrameType::Intra => timeline.sync_nearest(at_ms),
    }
}

impl Selection {
    /// Without the shots that show a frame once more.
    pub(super) fn without_repeats(self) -> Self {
        let mut firsts: Vec<_> = (self.by_frame.iter())
            .filter_map(|(&frame, shots)| Some((*shots.first()?, frame)))
            .collect();
        firsts.sort_unstable();
        let mut distinct = Self {
            taken: Vec::new(),
            by_frame: BTreeMap::new(),
            missing: self.missing,
        };
        for (shot, frame) in firsts {
            if let Some(shot) = self.taken.get(shot) {
                distinct.take(shot.requested_ms, frame);
            }
        }
        distinct
    }

    fn take(&mut self, requested_ms: u64, frame: usize) {
        self.by_frame
            .entry(frame)
            .or_default()
            .push(self.taken.len());
        self.taken.push(SelectedShot { requested_ms });
    }

    fn miss(&mut self, requested_ms: u64, reason: Reason) {
        self.missing.push(Missing {
            requested_ms,
            reason,
        });
    }
}
