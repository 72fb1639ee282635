//! Clocks that are not clean: times that are missing, far off, or that begin anew.
//!
//! Equal times are clean: of frames with one time the last is shown, and none of them is moved.

mod decoding_order;
mod output_order;
mod reorder_depth;

pub use decoding_order::{DecodingOrderCheck, check_decoding_order, put_between_neighbours};
pub use output_order::{RepairedTimes, repair_output_order};
pub use reorder_depth::reorder_depth;

use serde::{Deserialize, Serialize};

/// What was wrong with a time that was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClockFault {
    /// It is far off, and the frames after it fit those before it.
    Outlier,
    /// There is none.
    Missing,
    /// The clock went back and stayed there: all later times are moved by the same.
    Restart,
}

/// Times of one video that were replaced for the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRepair {
    /// Why.
    pub fault: ClockFault,
    /// How many frames were off, or how often the clock restarted.
    pub count: usize,
    /// The repaired time of the first, ticks.
    pub first_pts: i64,
}

impl ClockRepair {
    /// One entry for each kind, in the order of the kinds. `moved` are faults in order of
    /// presentation, each with the time that it has now.
    #[must_use]
    pub fn summarize(moved: &[(ClockFault, i64)]) -> Vec<Self> {
        let kinds = [
            ClockFault::Outlier,
            ClockFault::Missing,
            ClockFault::Restart,
        ];
        let of_kind = |fault: ClockFault| {
            let mut times = moved.iter().filter(|moved| moved.0 == fault);
            let first_pts = times.clone().map(|moved| moved.1).min()?;
            let count = times.by_ref().count();
            Some(Self {
                fault,
                count,
                first_pts,
            })
        };
        kinds.into_iter().filter_map(of_kind).collect()
    }
}

/// The middle one of the distances between times that follow each other, without those of none.
/// `None` where there are too few to tell.
fn usual_step(times: impl Iterator<Item = i64>) -> Option<i64> {
    const FEWEST: usize = 3;
    let mut before = None;
    let mut steps: Vec<i64> = Vec::new();
    for time in times {
        let step = before.map(|before| time.saturating_sub(before));
        steps.extend(step.filter(|&step| step > 0));
        before = Some(time);
    }
    if steps.len() < FEWEST {
        return None;
    }
    let middle = steps.len() / 2;
    Some(*steps.select_nth_unstable(middle).1)
}
