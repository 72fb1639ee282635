//! The jobs of the table, and how much less than others they should cost.

use crate::arguments::JobName;
use crate::peer::Peer;
use crate::points::Points;
use support::long_clips::{
    FLV, FULL_CHROMA, GROUPS_OF_2_S, GROUPS_OF_10_S, HEVC_LAYERS, HOUR, LIBAOM_GOOD, LongClip,
    MPEG_TS, REPEATED_TIME, SVT_AV1_FAST, SVT_AV1_SLOW, TWO_EDITS, XVID,
};

/// A job without its video.
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    pub(crate) ours: Peer,
    pub(crate) clips: &'static [LongClip],
    pub(crate) points: Points,
    pub(crate) width: u32,
    pub(crate) intra: bool,
    pub(crate) sheet: Option<(u32, u32)>,
    pub(crate) beside: Vec<Aim>,
    /// Our engine itself takes long.
    pub(crate) long: bool,
}

/// A peer, and the share of its cost that should be ours at most.
#[derive(Clone, Copy)]
pub(crate) struct Aim {
    pub(crate) peer: Peer,
    pub(crate) cpu: Option<f64>,
    pub(crate) wall: Option<f64>,
}

impl Aim {
    pub(crate) fn without_goals(self) -> Self {
        beside(self.peer)
    }
}

fn cpu(peer: Peer, goal: f64) -> Aim {
    Aim {
        cpu: Some(goal),
        ..beside(peer)
    }
}

fn wall(peer: Peer, goal: f64) -> Aim {
    Aim {
        wall: Some(goal),
        ..beside(peer)
    }
}

fn beside(peer: Peer) -> Aim {
    Aim {
        peer,
        cpu: None,
        wall: None,
    }
}

const BOTH: &[LongClip] = &[GROUPS_OF_2_S, GROUPS_OF_10_S];

/// The job of this name; those without peers are like `one`.
pub(crate) fn recipe(name: JobName) -> Recipe {
    match name {
        JobName::Count20 => count20(),
        JobName::EverySecond => every_second(),
        JobName::Hour360 => hour360(),
        JobName::Sprite => sprite(),
        JobName::Intra60 => intra60(),
        JobName::Cores => cores(),
        JobName::SvtFast => Recipe {
            beside: vec![
                cpu(Peer::PyAvOneThread, 0.35),
                cpu(Peer::SpawnOneThread, 0.30),
                cpu(Peer::Closure, 1.25),
                beside(Peer::OursHoldingNothing),
            ],
            ..twenty("svt-fast", &[SVT_AV1_FAST])
        },
        JobName::SvtSlow => Recipe {
            beside: vec![
                cpu(Peer::PyAvOneThread, 0.70),
                beside(Peer::Closure),
                beside(Peer::OursHoldingNothing),
            ],
            ..twenty("svt-slow", &[SVT_AV1_SLOW])
        },
        JobName::Libaom => Recipe {
            beside: vec![
                beside(Peer::PyAvOneThread),
                cpu(Peer::OursHoldingNothing, 1.03),
            ],
            ..twenty("libaom", &[LIBAOM_GOOD])
        },
        JobName::HevcLayers => Recipe {
            beside: vec![
                cpu(Peer::PyAvOneThread, 0.35),
                beside(Peer::SpawnOneThread),
                beside(Peer::Closure),
                beside(Peer::OursHoldingNothing),
            ],
            ..twenty("hevc-layers", &[HEVC_LAYERS])
        },
        JobName::Cover => cover(),
        JobName::CoverAtKeyframe => Recipe {
            name: "cover-at-keyframe",
            points: Points::Every(20_000, 60_000),
            intra: true,
            beside: vec![cpu(Peer::Covers, 1.15)],
            ..cover()
        },
        JobName::MpegTs => five("mpeg-ts", &[MPEG_TS], Some(1.0)),
        JobName::FullChroma => five("full-chroma", &[FULL_CHROMA], Some(0.9)),
        JobName::RepeatedTime => five("repeated-time", &[REPEATED_TIME], Some(0.9)),
        JobName::Xvid => five("xvid", &[XVID], Some(1.0)),
        JobName::TwoEdits => five("two-edits", &[TWO_EDITS], Some(0.9)),
        JobName::Flv => five("flv", &[FLV], None),
        JobName::One | JobName::Memory | JobName::Bytes | JobName::Http | JobName::Containers => {
            one()
        }
    }
}

fn one() -> Recipe {
    Recipe {
        name: "one",
        ours: Peer::Ours,
        clips: BOTH,
        points: Points::Middle,
        width: 1280,
        intra: false,
        sheet: None,
        beside: vec![
            beside(Peer::Spawn),
            beside(Peer::SpawnOneThread),
            beside(Peer::PyAv),
            beside(Peer::OpenCv),
        ],
        long: false,
    }
}

fn count20() -> Recipe {
    Recipe {
        name: "count20",
        points: Points::Spread(20),
        beside: vec![
            cpu(Peer::Spawn, 0.55),
            cpu(Peer::SpawnOneThread, 0.66),
            cpu(Peer::Inputs, 0.65),
            cpu(Peer::PyAv, 0.70),
            beside(Peer::OpenCv),
            cpu(Peer::Concat, 0.80),
            cpu(Peer::Fps, 0.04),
        ],
        ..one()
    }
}

fn twenty(name: &'static str, clips: &'static [LongClip]) -> Recipe {
    Recipe {
        name,
        clips,
        // Never where a frame begins: some muxers move that by a tick.
        points: Points::Every(7010, 29_650),
        ..one()
    }
}

fn cover() -> Recipe {
    Recipe {
        name: "cover",
        ours: Peer::OursByCommandLine,
        points: Points::Random(10),
        width: u32::MAX,
        beside: vec![cpu(Peer::Covers, 0.85)],
        ..one()
    }
}

fn five(name: &'static str, clips: &'static [LongClip], goal: Option<f64>) -> Recipe {
    let spawn = Aim {
        cpu: goal,
        ..beside(Peer::Spawn)
    };
    Recipe {
        name,
        clips,
        points: Points::Spread(5),
        width: 640,
        beside: vec![spawn, beside(Peer::SpawnOneThread)],
        ..one()
    }
}

fn intra60() -> Recipe {
    Recipe {
        name: "intra60",
        points: Points::Every(0, 10_000),
        intra: true,
        beside: vec![cpu(Peer::Keyframes, 0.5), beside(Peer::SpawnOneThread)],
        ..one()
    }
}

fn sprite() -> Recipe {
    Recipe {
        name: "sprite",
        clips: &[GROUPS_OF_2_S],
        points: Points::Spread(100),
        width: 160,
        sheet: Some((10, 10)),
        beside: vec![cpu(Peer::Tile, 0.15)],
        ..one()
    }
}

fn cores() -> Recipe {
    Recipe {
        name: "cores",
        clips: &[GROUPS_OF_2_S],
        points: Points::Every(5300, 10_000),
        beside: vec![
            wall(Peer::OursOnOneCore, 0.6),
            wall(Peer::OursInOneProcess, 0.6),
        ],
        ..one()
    }
}

fn every_second() -> Recipe {
    Recipe {
        name: "every-second",
        clips: &[GROUPS_OF_2_S],
        points: Points::Every(500, 1000),
        beside: vec![
            cpu(Peer::Select, 0.70),
            cpu(Peer::SelectOneThread, 0.70),
            beside(Peer::Fps),
        ],
        long: true,
        ..one()
    }
}

fn hour360() -> Recipe {
    Recipe {
        name: "hour360",
        clips: &[HOUR],
        points: Points::Every(3300, 10_000),
        width: 640,
        beside: vec![cpu(Peer::Select, 0.16), beside(Peer::SpawnOneThread)],
        long: true,
        ..one()
    }
}
