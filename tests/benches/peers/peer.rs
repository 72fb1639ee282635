//! The ways to take pictures, each as commands.

use crate::closure;
use crate::ffmpeg;
use crate::job::Job;
use crate::machine::Machine;
use crate::measure::Work;
use crate::ours;
use std::fmt;
use std::path::Path;

/// Who takes the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Ours,
    OursOnOneCore,
    OursInOneProcess,
    /// What other frames refer to is decoded, by whichever frames.
    OursHoldingNothing,
    /// The program, once for each picture.
    OursByCommandLine,
    /// `fps=1/N` over all of it.
    Fps,
    /// `select` by frame number over all of it.
    Select,
    SelectOneThread,
    /// `fps` and `tile` over all of it.
    Tile,
    /// `-skip_frame nokey` over all of it.
    Keyframes,
    /// One ffmpeg for each picture.
    Spawn,
    SpawnOneThread,
    /// As people type it, in one thread.
    Covers,
    /// One ffmpeg, an input for each picture.
    Inputs,
    /// One ffmpeg, an entry of the concat demuxer for each picture.
    Concat,
    /// Takes no pictures: decodes just what they need.
    Closure,
    PyAv,
    PyAvOneThread,
    OpenCv,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ours => "ours",
            Self::OursOnOneCore => "itself on one core",
            Self::OursInOneProcess => "itself with one decoder",
            Self::OursHoldingNothing => "itself with `held-bytes` 1",
            Self::OursByCommandLine => "ours, by the command line",
            Self::Fps => "ffmpeg `fps=1/N`, whole file",
            Self::Select => "ffmpeg `select`, whole file",
            Self::SelectOneThread => "ffmpeg `select`, whole file, `-threads 1`",
            Self::Tile => "ffmpeg `fps,tile`, whole file",
            Self::Keyframes => "ffmpeg `-skip_frame nokey`, whole file",
            Self::Spawn => "an `ffmpeg -ss` for each picture",
            Self::SpawnOneThread => "an `ffmpeg -ss -threads 1` for each picture",
            Self::Covers => "an `ffmpeg -ss T -threads 1 -i x -frames:v 1 o.jpg` for each",
            Self::Inputs => "one ffmpeg, each picture a `-ss -i`",
            Self::Concat => "one ffmpeg, concat `inpoint`s",
            Self::Closure => "the exact closure, `ffmpeg -threads 1 -f null`",
            Self::PyAv => "PyAV, seek and decode",
            Self::PyAvOneThread => "PyAV, seek and decode, one thread",
            Self::OpenCv => "OpenCV, set and read",
        })
    }
}

impl Peer {
    /// Whether its cost goes with the length of the video.
    pub(crate) fn decodes_all(self) -> bool {
        matches!(
            self,
            Self::Fps | Self::Select | Self::SelectOneThread | Self::Tile
        )
    }

    /// What makes the pictures of `job` in the folder `out`; none where something is missing.
    pub(crate) fn work(self, job: &Job, machine: &Machine, out: &Path) -> Option<Work> {
        let plain = || ffmpeg::start(machine, &[]);
        let one_thread = || ffmpeg::start(machine, &["-threads", "1"]);
        let whole = |start, filter: &str| Work::of(vec![ffmpeg::whole(start, job, out, filter)]);
        let chosen = || ffmpeg::select(job, |target| target.frame);
        Some(match self {
            Self::Ours => ours::work(job, machine, out, &[]),
            Self::OursInOneProcess => ours::work(job, machine, out, &[("processes", 1)]),
            Self::OursHoldingNothing => ours::work(job, machine, out, &[("held-bytes", 1)]),
            Self::OursByCommandLine => ours::covers(job, machine, out),
            Self::OursOnOneCore => Work {
                one_core: true,
                ..ours::work(job, machine, out, &[])
            },
            Self::Fps => whole(plain(), &ffmpeg::fps(job)),
            Self::Select => whole(plain(), &chosen()),
            Self::SelectOneThread => whole(one_thread(), &chosen()),
            Self::Keyframes => {
                let start = ffmpeg::start(machine, &["-skip_frame", "nokey"]);
                whole(start, &ffmpeg::select(job, |target| target.keyframes))
            }
            Self::Tile => Work::of(vec![ffmpeg::tile(plain(), job, out)]),
            Self::Spawn => Work::of(ffmpeg::spawns(&plain(), job, out)),
            Self::SpawnOneThread => Work::of(ffmpeg::spawns(&one_thread(), job, out)),
            Self::Covers => Work::of(ffmpeg::covers(&plain(), job, out)),
            Self::Inputs => Work::of(vec![ffmpeg::inputs(plain(), job, out)]),
            Self::Concat => Work::of(vec![ffmpeg::concat(one_thread(), job, out)]),
            Self::Closure => {
                let file = out.join("closure.mp4");
                closure::write(job, &file);
                Work {
                    takes_none: true,
                    ..Work::of(vec![ffmpeg::decode(one_thread(), &file)])
                }
            }
            Self::PyAv => machine.python.as_ref()?.work("pyav", job, out),
            Self::PyAvOneThread => machine.python.as_ref()?.work("pyav1", job, out),
            Self::OpenCv => machine.python.as_ref()?.work("opencv", job, out),
        })
    }
}

impl Work {
    fn of(steps: Vec<Vec<String>>) -> Self {
        Self {
            steps,
            ..Self::default()
        }
    }
}

/// As a word of a command.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}
