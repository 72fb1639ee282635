//! The jobs of the table: what is taken of which video, beside whom, and how much less it should
//! cost.

use crate::arguments::{Arguments, JobName};
use crate::clips::{GROUPS_OF_2_S, GROUPS_OF_10_S, HOUR};
use crate::machine::Machine;
use crate::peer::Peer;
use crate::subject::{Subject, Target};
use support::long_clips::LongClip;

/// One job on one video.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) subject: Subject,
    pub(crate) targets: Vec<Target>,
    /// px of a picture or of a cell.
    pub(crate) size: (u32, u32),
    /// The keyframes nearest to the points.
    pub(crate) intra: bool,
    /// Columns and lines of the one sheet.
    pub(crate) sheet: Option<(u32, u32)>,
    pub(crate) beside: Vec<Beside>,
    /// Turns of our engine, and of others that are no slower than ten of it.
    pub(crate) rounds: u16,
}

/// Whom our engine is measured beside.
pub(crate) struct Beside {
    pub(crate) peer: Peer,
    /// Our share of their CPU should be no more than this.
    pub(crate) cpu_goal: Option<f64>,
    /// The same of wall time.
    pub(crate) wall_goal: Option<f64>,
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
    let subjects: Vec<Subject> = match &arguments.video {
        Some(path) => vec![Subject::video(path, machine)],
        None => {
            let made = |clip: &LongClip| Subject::clip(clip, machine);
            recipe.clips.iter().map(made).collect()
        }
    };
    let job = |subject| recipe.job(subject, arguments.rounds);
    subjects.into_iter().map(job).collect()
}

/// A job without its video.
struct Recipe {
    name: &'static str,
    clips: &'static [LongClip],
    points: Points,
    width: u32,
    intra: bool,
    sheet: Option<(u32, u32)>,
    /// Peer, goal of CPU, goal of wall time.
    beside: Vec<(Peer, Option<f64>, Option<f64>)>,
    /// Our engine itself takes long.
    long: bool,
}

/// Chosen so that frames wanted lie in the midst of their groups, as they do in real life: only
/// a keyframe costs one picture to decode.
#[derive(Clone, Copy)]
enum Points {
    /// So many, evenly spread, the first a little after the start.
    Spread(u64),
    /// The first and the distance, ms.
    Every(u64, u64),
    /// One, just after the middle.
    Middle,
}

impl Points {
    fn times_ms(self, duration_ms: u64) -> Vec<u64> {
        match self {
            Self::Spread(count) => {
                let first = duration_ms * 7 / 600;
                let time = |index| first + index * (duration_ms - first) / count;
                (0..count).map(time).collect()
            }
            Self::Every(first, step) => (first..duration_ms)
                .step_by(usize::try_from(step).unwrap())
                .collect(),
            Self::Middle => vec![duration_ms / 2 + duration_ms.min(2000) / 2],
        }
    }
}

impl Recipe {
    fn job(&self, subject: Subject, rounds: u16) -> Job {
        let times = self.points.times_ms(subject.duration_ms);
        let targets = if self.intra {
            subject.keyframes(&times)
        } else {
            subject.targets(&times)
        };
        let height = (f64::from(self.width) * subject.aspect / 2.0).round() as u32 * 2;
        // A tenth of the rounds, but one, where a turn takes minutes.
        let few = rounds.div_ceil(10);
        let several = if self.long {
            rounds.div_ceil(2)
        } else {
            rounds
        };
        let beside = self
            .beside
            .iter()
            .map(|&(peer, cpu_goal, wall_goal)| Beside {
                peer,
                cpu_goal,
                wall_goal,
                rounds: if self.long || peer.decodes_all() {
                    few
                } else {
                    several
                },
            });
        Job {
            name: self.name,
            targets,
            size: (self.width, height),
            intra: self.intra,
            sheet: self.sheet,
            beside: beside.collect(),
            rounds: several,
            subject,
        }
    }
}

const BOTH: &[LongClip] = &[GROUPS_OF_2_S, GROUPS_OF_10_S];

fn recipe(name: JobName) -> Recipe {
    let plain = Recipe {
        name: "",
        clips: &[GROUPS_OF_2_S],
        points: Points::Middle,
        width: 1280,
        intra: false,
        sheet: None,
        beside: Vec::new(),
        long: false,
    };
    match name {
        JobName::Count20 => Recipe {
            name: "count20",
            clips: BOTH,
            points: Points::Spread(20),
            beside: vec![
                (Peer::Spawn, Some(0.55), None),
                (Peer::SpawnOneThread, Some(0.66), None),
                (Peer::Inputs, Some(0.65), None),
                (Peer::PyAv, Some(0.70), None),
                (Peer::OpenCv, None, None),
                (Peer::Concat, Some(0.80), None),
                (Peer::Fps, Some(0.04), None),
            ],
            ..plain
        },
        JobName::EverySecond => Recipe {
            name: "every-second",
            points: Points::Every(500, 1000),
            beside: vec![
                (Peer::Select, Some(0.70), None),
                (Peer::SelectOneThread, Some(0.70), None),
                (Peer::Fps, None, None),
            ],
            long: true,
            ..plain
        },
        JobName::Hour360 => Recipe {
            name: "hour360",
            clips: &[HOUR],
            points: Points::Every(3300, 10_000),
            width: 640,
            beside: vec![
                (Peer::Select, Some(0.16), None),
                (Peer::SpawnOneThread, None, None),
            ],
            long: true,
            ..plain
        },
        JobName::Sprite => Recipe {
            name: "sprite",
            points: Points::Every(1000, 6000),
            width: 160,
            sheet: Some((10, 10)),
            beside: vec![(Peer::Tile, Some(0.15), None)],
            ..plain
        },
        JobName::Intra60 => Recipe {
            name: "intra60",
            clips: BOTH,
            points: Points::Every(0, 10_000),
            intra: true,
            beside: vec![
                (Peer::Keyframes, Some(0.5), None),
                (Peer::SpawnOneThread, None, None),
            ],
            ..plain
        },
        JobName::Cores => Recipe {
            name: "cores",
            points: Points::Every(5300, 10_000),
            beside: vec![
                (Peer::OursOnOneCore, None, Some(0.6)),
                (Peer::OursInOneProcess, None, Some(0.6)),
            ],
            ..plain
        },
        JobName::One | JobName::Memory | JobName::Bytes | JobName::Http => Recipe {
            name: "one",
            clips: BOTH,
            beside: vec![
                (Peer::Spawn, None, None),
                (Peer::SpawnOneThread, None, None),
                (Peer::PyAv, None, None),
                (Peer::OpenCv, None, None),
            ],
            ..plain
        },
    }
}
