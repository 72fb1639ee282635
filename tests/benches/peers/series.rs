//! One job, round by round: everyone has a turn, then the next round.

use crate::job::{Beside, Job};
use crate::machine::Machine;
use crate::measure::{Cost, Work, measure};
use crate::peer::Peer;
use crate::{ours, say, table, verdict};
use std::path::Path;
use tempfile::TempDir;

/// What one peer did in all its turns.
#[derive(Default)]
pub(crate) struct Turns {
    pub(crate) costs: Vec<Cost>,
    /// The worst turn.
    pub(crate) exact: Option<usize>,
    /// Why it did not go on.
    pub(crate) trouble: Option<String>,
    /// Ours alone: how it read the video, and how much of it.
    pub(crate) told: Option<ours::Told>,
}

impl Turns {
    /// None without a turn.
    pub(crate) fn median(&self, of: impl Fn(&Cost) -> f64) -> Option<f64> {
        let mut all: Vec<f64> = self.costs.iter().map(of).collect();
        all.sort_unstable_by(f64::total_cmp);
        let middle = all.len() / 2;
        let upper = *all.get(middle)?;
        Some(if all.len() % 2 == 1 {
            upper
        } else {
            (all[middle - 1] + upper) / 2.0
        })
    }
}

/// Measures and prints a row for each peer; what the job was, and how our engine did it.
pub(crate) fn run(job: &Job, machine: &Machine) -> String {
    let (ours, others) = turns(job, machine);
    for (beside, turns) in job.beside.iter().zip(&others) {
        println!("{}", table::row(job, beside, &ours, turns));
    }
    let path = ours.told.map_or_else(String::new, |told| told.path);
    format!("{}; our path: {path}", table::legend(job))
}

fn turns(job: &Job, machine: &Machine) -> (Turns, Vec<Turns>) {
    let mut ours = Turns::default();
    let mut others: Vec<_> = job.beside.iter().map(|_| Turns::default()).collect();
    let most = job.beside.iter().map(|beside| beside.rounds).max();
    for round in 0..most.unwrap_or(0).max(job.rounds) {
        say(&format!(
            "{}, {}: round {}",
            job.name,
            job.subject.title,
            round + 1
        ));
        if round < job.rounds {
            turn(job.ours, job, machine, &mut ours);
        }
        for (Beside { aim, rounds }, turns) in job.beside.iter().zip(&mut others) {
            if round < *rounds && turns.trouble.is_none() {
                turn(aim.peer, job, machine, turns);
            }
        }
    }
    (ours, others)
}

fn turn(peer: Peer, job: &Job, machine: &Machine, turns: &mut Turns) {
    turn_of(job, turns, |out| peer.work(job, machine, out));
    if let Some(cause) = &turns.trouble {
        say(&format!("{peer}: {cause}"));
    }
}

/// One more turn; `work` is told where the pictures go.
pub(crate) fn turn_of(job: &Job, turns: &mut Turns, work: impl FnOnce(&Path) -> Option<Work>) {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let Some(work) = work(&out) else {
        turns.trouble = Some("not installed".to_owned());
        return;
    };
    match measure(&work, folder.path()) {
        Ok(cost) => turns.costs.push(cost),
        Err(cause) => {
            turns.trouble = Some(format!("failed: {cause}"));
            return;
        }
    }
    if work.takes_none {
        return;
    }
    let exact = verdict::exact(job, &out);
    turns.exact = match (turns.exact, exact) {
        (Some(before), Some(now)) => Some(before.min(now)),
        (before, now) => before.or(now),
    };
    turns.told = ours::told(&out);
}
