//! What a manifest says of a clock that was not clean.

use artifacts::manifest::{ClockFault, Repaired};
use plan::Timeline;

pub(super) fn repaired(timeline: &Timeline) -> Vec<Repaired> {
    let entries = timeline.repairs().iter().map(|repair| Repaired {
        reason: match repair.fault {
            plan::ClockFault::Outlier => ClockFault::Outlier,
            plan::ClockFault::Missing => ClockFault::Missing,
            plan::ClockFault::Restart => ClockFault::Restart,
        },
        count: repair.count as u64,
        presentation_us: timeline.since_first_us(repair.first_pts),
    });
    entries.collect()
}
