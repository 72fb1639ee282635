//! What one video may cost.

use std::time::Duration;

/// Bounds on the work for one video. Whoever crafts a file decides none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels a frame of the source may have.
    pub max_pixels_per_frame: u64,
    /// The most bytes read for the index of a video.
    pub index_bytes: u64,
    /// The most coded pictures a video may have.
    pub samples: usize,
    /// The most bytes of coded pictures held in memory at once, by all processes together.
    pub window_bytes: u64,
    /// The largest video that is copied to this machine where it can't be read by ranges.
    pub copied_bytes: u64,
    /// The most time one call may take, all its processes together.
    pub wall: Duration,
    /// The most processor time one process may use, in whole seconds.
    pub cpu: Duration,
    /// The most address space one process may use.
    pub memory_bytes: u64,
    /// The most time a process may show no sign of progress while we wait for it.
    pub idle: Duration,
    /// How many processes may run at once; at least one does.
    pub processes: usize,
}

impl Default for Limits {
    /// 40 million pixels (8K is 33 million), an index of 256 MB, ten million coded pictures (two
    /// days at 60 a second), 64 MB of them in memory, copies of 8 GB, an hour, half an
    /// hour of processor time and 8 GB of memory for each process, a minute, one process per
    /// processor.
    fn default() -> Self {
        Self {
            max_pixels_per_frame: 40_000_000,
            index_bytes: 256 << 20,
            samples: 10_000_000,
            window_bytes: 64 << 20,
            copied_bytes: 8 << 30,
            wall: Duration::from_secs(3600),
            cpu: Duration::from_secs(1800),
            memory_bytes: 8 << 30,
            idle: Duration::from_secs(60),
            processes: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
