//! The table, in Markdown. Where two numbers stand in a cell, ours is the first.

use crate::job::{Beside, Job};
use crate::peer::Peer;
use crate::series::Turns;

pub(crate) const HEAD: &str = "\
| job | beside | rounds | CPU, ours / theirs | goal | wall, ours / theirs | goal | MB, largest process | MB, all processes | MB read | exact |
|---|---|---|---|---|---|---|---|---|---|---|";

pub(crate) fn row(job: &Job, beside: &Beside, ours: &Turns, theirs: &Turns) -> String {
    let (name, peer) = (name(job), beside.aim.peer);
    if let Some(trouble) = ours.trouble.as_ref().or(theirs.trouble.as_ref()) {
        let trouble = trouble.lines().last().unwrap_or("");
        return format!("| {name} | {peer} | {trouble} |||||||||");
    }
    let ratio = |of: fn(&crate::measure::Cost) -> f64| Some(ours.median(of)? / theirs.median(of)?);
    let (cpu, wall) = (ratio(|cost| cost.cpu_s), ratio(|cost| cost.wall_s));
    let cells = [
        name,
        peer.to_string(),
        format!("{} / {}", ours.costs.len(), theirs.costs.len()),
        number(cpu),
        goal(cpu, beside.aim.cpu),
        number(wall),
        goal(wall, beside.aim.wall),
        both(
            ours.median(|cost| cost.largest_mb),
            theirs.median(|cost| cost.largest_mb),
        ),
        both(
            ours.median(|cost| cost.all_mb),
            theirs.median(|cost| cost.all_mb),
        ),
        format!(
            "{} / {}",
            megabytes(our_read(ours)),
            megabytes(their_read(peer, theirs))
        ),
        format!("{}, {}", exact(job, ours), exact(job, theirs)),
    ];
    format!("| {} |", cells.join(" | "))
}

/// What the name of a job stands for.
pub(crate) fn legend(job: &Job) -> String {
    let (count, (width, height)) = (job.targets.len(), job.size);
    let what = match (job.sheet, job.intra) {
        (Some((columns, lines)), _) => format!("{columns} x {lines} cells of {width}x{height}"),
        (None, true) => format!("{count} keyframes at {width}x{height}"),
        (None, false) => format!("{count} at {width}x{height}"),
    };
    format!("{}: {what} of {}", name(job), job.subject.title)
}

fn name(job: &Job) -> String {
    format!("{}{}", job.name, job.subject.mark)
}

pub(crate) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

/// With a mark: whether it is met.
pub(crate) fn goal(value: Option<f64>, goal: Option<f64>) -> String {
    match (value, goal) {
        (Some(value), Some(goal)) if value <= goal => format!("<= {goal:.2} ✓"),
        (Some(_), Some(goal)) => format!("<= {goal:.2} ✗"),
        _ => String::new(),
    }
}

fn both(ours: Option<f64>, theirs: Option<f64>) -> String {
    let one =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.0}"));
    format!("{} / {}", one(ours), one(theirs))
}

fn megabytes(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"))
}

fn our_read(ours: &Turns) -> Option<f64> {
    let (bytes, _) = ours.told.as_ref()?.read?;
    Some(bytes as f64 / 1e6)
}

/// What all its processes read is the video and little else, but where we pipe to ourselves.
fn their_read(peer: Peer, theirs: &Turns) -> Option<f64> {
    match peer {
        Peer::OursOnOneCore | Peer::OursInOneProcess | Peer::OursHoldingNothing => None,
        _ => theirs.median(|cost| cost.read_bytes as f64 / 1e6),
    }
}

pub(crate) fn exact(job: &Job, turns: &Turns) -> String {
    let of = job.targets.len();
    turns
        .exact
        .map_or_else(|| "-".to_owned(), |right| format!("{right} of {of}"))
}
