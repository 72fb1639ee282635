//! Peak memory by how many pictures are taken and how long the video is: it should not matter.

use crate::machine::Machine;
use crate::measure::Cost;
use crate::series::{Turns, turn_of};
use crate::subject::Subject;
use crate::{job, ours, say, table};
use support::long_clips::{GROUPS_OF_2_S, LongClip};

/// Of all processes together.
const GOAL_MB: f64 = 200.0;

/// 2 minutes, 10 minutes, 3 hours (6.6 GB).
const SEGMENTS: [u32; 3] = [1, 5, 90];

pub(crate) fn run(machine: &Machine) {
    println!("\n| memory | rounds | MB, largest process | MB, all processes | goal | exact |");
    println!("|---|---|---|---|---|---|");
    for segments in SEGMENTS {
        for count in [1, 600] {
            println!("{}", row(machine, segments, count));
        }
    }
}

fn row(machine: &Machine, segments: u32, count: u64) -> String {
    let clip = LongClip {
        segments,
        ..GROUPS_OF_2_S
    };
    let subject = Subject::clip(&clip, machine);
    let title = format!("{count} of {}", subject.title);
    say(&format!("memory, {title}"));
    let times = job::spread(count, subject.duration_ms);
    let job = job::alone("memory", subject, &times, 1280);
    let mut turns = Turns::default();
    turn_of(&job, &mut turns, |out| {
        Some(ours::work(&job, machine, out, &[]))
    });
    if let Some(trouble) = turns.trouble {
        return format!("| {title} | {trouble} |||||");
    }
    let of = |of: fn(&Cost) -> f64| turns.median(of).unwrap_or(f64::NAN);
    let (largest, all) = (of(|cost| cost.largest_mb), of(|cost| cost.all_mb));
    format!(
        "| {title} | {} | {largest:.0} | {all:.0} | {} | {} |",
        turns.costs.len(),
        table::goal(Some(all), Some(GOAL_MB)),
        table::exact(&job, &turns),
    )
}
