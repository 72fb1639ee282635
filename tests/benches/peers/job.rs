//! What is taken of which video, beside whom.

use crate::arguments::{Arguments, JobName};
use crate::machine::Machine;
use crate::peer::Peer;
use crate::points::Points;
use crate::recipes::{Aim, Recipe, recipe};
use crate::say;
use crate::subject::{self, Subject, Target};
use support::long_clips::LongClip;

/// One job on one video.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) ours: Peer,
    pub(crate) subject: Subject,
    pub(crate) targets: Vec<Target>,
    /// px of a picture or of a cell.
    pub(crate) size: (u32, u32),
    /// The keyframes nearest to the points.
    pub(crate) intra: bool,
    /// Columns and lines of the one sheet.
    pub(crate) sheet: Option<(u32, u32)>,
    pub(crate) beside: Vec<Beside>,
    /// Turns of our engine.
    pub(crate) rounds: u16,
}

/// Whom our engine is measured beside.
pub(crate) struct Beside {
    pub(crate) aim: Aim,
    pub(crate) rounds: u16,
}

impl Job {
    /// ms between points, on average.
    pub(crate) fn step_ms(&self) -> f64 {
        let (first, last) = (self.targets[0], self.targets[self.targets.len() - 1]);
        let steps = self.targets.len().saturating_sub(1).max(1);
        (last.at_ms - first.at_ms) as f64 / steps as f64
    }
}

/// One job of ours alone.
pub(crate) fn alone(name: &'static str, subject: Subject, times_ms: &[u64], width: u32) -> Job {
    let recipe = Recipe {
        name,
        width,
        ..recipe(JobName::One)
    };
    let targets = subject.targets(times_ms);
    Job {
        targets,
        beside: Vec::new(),
        ..recipe.job(subject, 1)
    }
}

/// So many times of a video, evenly spread, the first a little after the start.
pub(crate) fn spread(count: u64, duration_ms: u64) -> Vec<u64> {
    Points::Spread(count).times_ms(duration_ms)
}

/// The jobs of this name: one for each clip, or one for the user's video.
pub(crate) fn of(name: JobName, machine: &Machine, arguments: &Arguments) -> Vec<Job> {
    let recipe = recipe(name);
    let of_ffmpeg = match name.is_cover() {
        true => format!(", ffmpeg {}", machine.ffmpeg.version),
        false => String::new(),
    };
    let wanted = |mark: &str| {
        let title = format!("{}{mark}{of_ffmpeg}", recipe.name);
        let peers = recipe.beside.iter().map(|aim| aim.peer.to_string());
        peers.map(|peer| arguments.wants(&title, &peer)).collect()
    };
    // Clips that no row is wanted of are not made.
    let subjects: Vec<(Subject, Vec<bool>)> = match &arguments.video {
        Some(path) => vec![(Subject::video(path, machine), wanted(""))],
        None => {
            let clips = recipe
                .clips
                .iter()
                .map(|clip| (clip, wanted(&subject::mark(clip))));
            let clips = clips.filter(|(_, rows): &(_, Vec<bool>)| rows.contains(&true));
            let made = |(clip, rows): (&LongClip, _)| (Subject::clip(clip, machine), rows);
            clips.map(made).collect()
        }
    };
    let job = |(mut subject, rows): (Subject, Vec<bool>)| {
        subject.mark += &of_ffmpeg;
        let mut job = recipe.job(subject, arguments.rounds);
        let mut rows = rows.into_iter();
        job.beside.retain(|_| rows.next() == Some(true));
        job
    };
    let has_points = |job: &Job| {
        if job.targets.is_empty() {
            say(&format!("SKIPPED {}: the video is too short", job.name));
        }
        !job.targets.is_empty()
    };
    subjects.into_iter().map(job).filter(has_points).collect()
}

impl Recipe {
    fn job(&self, subject: Subject, rounds: u16) -> Job {
        let times = self.points.times_ms(subject.duration_ms);
        let targets = if self.intra {
            subject.keyframes(&times)
        } else {
            subject.targets(&times)
        };
        let beside = |&aim: &Aim| Beside {
            aim: if subject.is_clip() {
                aim
            } else {
                aim.without_goals()
            },
            rounds: self.rounds_of(aim.peer, rounds),
        };
        Job {
            name: self.name,
            ours: self.ours,
            targets,
            size: subject.fitted(self.width),
            intra: self.intra,
            sheet: self.sheet,
            beside: self.beside.iter().map(beside).collect(),
            rounds: self.rounds_of(Peer::Ours, rounds),
            subject,
        }
    }

    /// Fewer where a turn takes minutes.
    fn rounds_of(&self, peer: Peer, rounds: u16) -> u16 {
        match (self.long, peer) {
            (true, Peer::Ours) => rounds.div_ceil(2),
            (true, _) => rounds.div_ceil(10),
            (false, peer) if peer.decodes_all() => rounds.div_ceil(10),
            (false, _) => rounds,
        }
    }
}
