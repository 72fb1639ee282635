//! The pictures of one job: video in, files and a manifest out. Blocking, no ports: a worker and
//! the command line use it alike.

mod apart;
mod failure;
pub mod isolated;
mod making;
mod output;
mod progress;
mod shots;
mod sprite;
pub(crate) mod stored;
mod take;
mod webvtt;

pub use artifacts::key::{job_of, of_video};
pub use failure::{Failure, Stop, code};
pub use progress::Progress;
pub use stored::{all_keys, prefixes};
pub use take::{Emit, File, Made, Order, Taken, take};

pub use isolated::take_in_child;
pub use plan::Deadline;

pub(crate) use failure::not_found;
pub(crate) use take::{facts, keeps_pictures};

/// What pictures are made with.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The decoder.
    pub ffmpeg: decoder::Ffmpeg,
    /// What one video may cost.
    pub limits: plan::Limits,
    /// The most pictures of one job.
    pub max_snapshots: u32,
    /// Of every JPEG.
    pub quality: artifacts::Quality,
    /// How often what is done of a job is kept while its pictures are taken. A job that is shorter
    /// pays nothing for it.
    pub checkpoint_every: std::time::Duration,
    /// What is started to take pictures in a child process ([`isolated`]); a program of ours.
    pub executable: std::path::PathBuf,
}

impl Engine {
    /// The program that runs: by its file and not by its name, which may by now be that of
    /// another version.
    pub const OWN_EXECUTABLE: &str = "/proc/self/exe";
}
