//! What one video may cost: the limits, the name and the bounds of each, and what went over one.

mod budget;
mod host;
mod sample_limit;
mod setting;

pub use budget::{Budget, LimitExceeded, MOST_DECODER_THREADS};
pub use sample_limit::{SampleLimit, TooManySamples};
pub use setting::{InvalidSetting, LimitSetting};

use crate::{Deadline, Stalls};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Bounds on the work for one video. Whoever crafts a file decides none of them. Each that a file
/// can go over is a [`Budget`] with a name, under which it is set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Limits {
    /// The largest file taken.
    pub input_bytes: u64,
    /// The largest video that is copied to this machine where it can't be read by ranges.
    pub copied_bytes: u64,
    /// Whether the disk that videos are copied to is for one job at a time: where it is full,
    /// nobody else will make room.
    pub owns_scratch: bool,
    /// The most bytes read for the index of a video.
    pub index_bytes: u64,
    /// The most of our own memory that the list of a video's pictures may take.
    pub index_memory_bytes: u64,
    /// The most coded pictures a video may have.
    pub samples: usize,
    /// The most streams of any kind a file may have.
    pub streams: usize,
    /// The most pixels a frame of the source may have.
    pub max_pixels_per_frame: u64,
    /// The most pixels of the source decoded in one pass for pictures.
    pub decoded_pixels: u64,
    /// The most processor time of all decoders of one video together, in whole seconds.
    pub cpu: Duration,
    /// The most processor time for each picture, in whole seconds: who makes several at once has
    /// as much more.
    pub picture_cpu: Duration,
    /// The most time one call may take, all its processes together.
    pub wall: Duration,
    /// The most time a process may show no sign of progress while we wait for it.
    pub idle: Duration,
    /// The most address space one process may use.
    pub memory_bytes: u64,
    /// The most that one process may say beside what it says of frames.
    pub stderr_bytes: u64,
    /// The most pixels of one sprite sheet. For whoever makes sheets.
    pub sheet_pixels: u64,
    /// The most bytes of all files made of one video. For whoever makes files.
    pub output_bytes: u64,
    /// The most bytes of coded pictures held in memory at once, by all processes together.
    pub window_bytes: u64,
    /// The most bytes of coded frames that each process holds back until it is known whether a
    /// picture needs them. Above it the oldest are decoded.
    pub held_bytes: u64,
    /// How many processes may run at once; at least one does.
    pub processes: usize,
    /// When the work ends, done or not: each call then ends within a fraction of a second.
    #[serde(skip)]
    pub deadline: Deadline,
    /// Waits that are not the video's: they are no part of `wall`.
    #[serde(skip)]
    pub stalls: Stalls,
}

impl Default for Limits {
    /// Generous for what people film: 8K is 33 million pixels, ten million coded pictures are two
    /// days at 60 a second, ten trillion pixels a day of 1080p at 60 a second.
    fn default() -> Self {
        Self {
            input_bytes: 256 << 30,
            copied_bytes: 8 << 30,
            owns_scratch: false,
            index_bytes: 256 << 20,
            index_memory_bytes: 1 << 30,
            samples: 10_000_000,
            streams: 256,
            max_pixels_per_frame: 40_000_000,
            decoded_pixels: 10_000_000_000_000,
            cpu: Duration::from_secs(7200),
            picture_cpu: Duration::from_secs(600),
            wall: Duration::from_secs(3600),
            idle: Duration::from_secs(60),
            memory_bytes: 8 << 30,
            stderr_bytes: 64 << 20,
            sheet_pixels: 512 << 20,
            output_bytes: 64 << 30,
            window_bytes: 64 << 20,
            held_bytes: 32 << 20,
            processes: std::thread::available_parallelism().map_or(1, usize::from),
            deadline: Deadline::none(),
            stalls: Stalls::default(),
        }
    }
}
