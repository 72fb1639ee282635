//! Which frame stands for which time point.

use super::failure::Interrupted;
use artifacts::manifest::{Missing, Reason};
use contract::snapshot::{FrameType, PointSpec, SnapshotSpec};
use contract::storyboard::StoryboardFormat;
use plan::{Timeline, points};
use std::collections::{BTreeMap, BTreeSet};

/// One picture to take.
pub(super) struct SelectedShot {
    pub(super) requested_ms: u64,
    /// Why it shows the frame of another shot in place of its own.
    pub(super) repeats: Option<Reason>,
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
    spec: &PointSpec,
    duration_ms: u64,
    limit: u32,
) -> Result<Vec<u64>, Interrupted> {
    let plan = points::plan(spec, duration_ms, limit)?;
    Ok(plan.inside.iter().map(|point| point.at_ms).collect())
}

/// The shots of `spec`, leaving out `damaged` frames; or with the shot before in the place of one that
/// is left out, where players count cells.
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
    let keeps_places = counts_cells(spec);
    let shown = |at_ms| match frame_at(spec.frame_type, timeline, at_ms) {
        None => Err(Reason::NoFrame),
        Some(frame) if damaged.contains(&frame) => Err(Reason::Damaged),
        Some(frame) => Ok(frame),
    };
    let shots = plan
        .inside
        .iter()
        .map(|point| (point.at_ms, shown(point.at_ms)));
    let mut before = shots.clone().find_map(|(_, shown)| shown.ok());
    for (at_ms, shown) in shots {
        match (shown, before) {
            (Ok(frame), _) => {
                before = Some(frame);
                selection.take(at_ms, frame, None);
            }
            (Err(reason), Some(frame)) if keeps_places => {
                selection.miss(at_ms, reason);
                selection.take(at_ms, frame, Some(reason));
            }
            (Err(reason), _) => selection.miss(at_ms, reason),
        }
    }
    for point in plan.beyond_end {
        selection.miss(point.at_ms, Reason::BeyondEnd);
    }
    Ok(selection)
}

/// Whether players find a cell of it by counting.
fn counts_cells(spec: &SnapshotSpec) -> bool {
    let outputs = spec.sprite.iter().flat_map(|sprite| &sprite.outputs);
    outputs.copied().any(StoryboardFormat::counts_cells)
}

fn frame_at(frame_type: FrameType, timeline: &Timeline, at_ms: u64) -> Option<usize> {
    match frame_type {
        FrameType::Normal => Some(timeline.shown_at(at_ms)),
        FrameType::Intra => timeline.sync_nearest(at_ms),
    }
}

impl Selection {
    fn take(&mut self, requested_ms: u64, frame: usize, repeats: Option<Reason>) {
        self.by_frame
            .entry(frame)
            .or_default()
            .push(self.taken.len());
        self.taken.push(SelectedShot {
            requested_ms,
            repeats,
        });
    }

    fn miss(&mut self, requested_ms: u64, reason: Reason) {
        self.missing.push(Missing {
            requested_ms,
            reason,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::snapshot::ImageFormat;
    use plan::{TimeBase, TimelineFrame};

    /// Five seconds of a frame each.
    fn timeline() -> Timeline {
        let frame = |pts| TimelineFrame { pts, sync: true };
        let time_base = TimeBase::new(1, 1).unwrap();
        Timeline::new(time_base, (0..5).map(frame).collect(), 5).unwrap()
    }

    /// What each cell shows where `damaged` frames give no picture, and what is said of it.
    fn cells(outputs: &[StoryboardFormat], damaged: &[usize]) -> Vec<(u64, usize, Option<Reason>)> {
        let mut sprite = contract::sprite::read("{\"Columns\":2}").unwrap().unwrap();
        sprite.outputs = outputs.to_vec();
        let spec = SnapshotSpec {
            points: PointSpec::spread(None, 1, 0),
            width: None,
            height: None,
            frame_type: FrameType::Normal,
            sprite: Some(sprite),
            animation: None,
            image_format: ImageFormat::Jpeg,
        };
        let damaged: BTreeSet<_> = damaged.iter().copied().collect();
        let chosen = choose(&spec, &timeline(), 100, &damaged).unwrap();
        assert_eq!(chosen.missing.len(), damaged.len());
        let frame_of = |shot: usize| {
            let mut frames = chosen.by_frame.iter();
            *frames.find(|(_, shots)| shots.contains(&shot)).unwrap().0
        };
        let shots = chosen.taken.iter().enumerate();
        shots
            .map(|(nth, shot)| (shot.requested_ms / 1000, frame_of(nth), shot.repeats))
            .collect()
    }

    #[test]
    fn a_picture_that_is_missing_moves_no_cell_that_players_count() {
        let damaged = Some(Reason::Damaged);
        assert_eq!(
            cells(&[StoryboardFormat::Hls], &[2, 3]),
            [
                (0, 0, None),
                (1, 1, None),
                (2, 1, damaged),
                (3, 1, damaged),
                (4, 4, None)
            ]
        );
        assert_eq!(
            cells(&[StoryboardFormat::Vtt], &[2, 3]),
            [(0, 0, None), (1, 1, None), (4, 4, None)]
        );
    }

    #[test]
    fn where_the_first_picture_is_missing_its_cell_shows_the_next() {
        let first = (0, 1, Some(Reason::Damaged));
        assert_eq!(
            cells(&[StoryboardFormat::Bif], &[0])[..2],
            [first, (1, 1, None)]
        );
        assert_eq!(cells(&[StoryboardFormat::Bif], &[0, 1, 2, 3, 4]), []);
    }
}
