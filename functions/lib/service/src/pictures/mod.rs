//! The pictures of one job: video in, files and a manifest out. Blocking, no ports: a worker and
//! the command line use it alike.

mod failure;
mod making;
mod output;
mod progress;
mod shots;
mod sprite;
pub(crate) mod stored;
mod take;
mod until;
mod webvtt;

pub use artifacts::key::{job_of, of_video};
pub use failure::{Failure, Stop, code};
pub use progress::Progress;
pub use stored::{all_keys, prefixes};
pub use take::{Emit, File, Order, Taken, take};

pub use until::Until;

pub(crate) use take::{facts, keeps_pictures};

/// What pictures are made with.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The decoder.
    pub ffmpeg: media::Ffmpeg,
    /// What one video may cost.
    pub limits: media::Limits,
    /// The most pictures of one job.
    pub max_snapshots: u32,
    /// Of every JPEG.
    pub quality: artifacts::Quality,
}
