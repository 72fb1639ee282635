//! What is waited for, and for how long.

use std::time::Duration;

/// How long a job is waited for that meets nothing but trouble.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a job waits for a file that is missing where it should be.
const MISSING: Duration = Duration::from_secs(5 * 60);

/// How long what is not the job's fault is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitLimits {
    /// With everything, from when nothing but trouble was met.
    pub day: Duration,
    /// With a file that is missing where it should be, from when that was first seen.
    pub missing: Duration,
}

impl Default for WaitLimits {
    fn default() -> Self {
        Self {
            day: DAY,
            missing: MISSING,
        }
    }
}

/// What a run waits for, in words for the job's owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum AwaitedResource {
    /// Where jobs and pictures are kept.
    #[default]
    Store,
    /// Where the video lies.
    File,
    /// Reading, decoding, and what these need of the machine.
    Decoder,
}

impl AwaitedResource {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Store => "the store of the service",
            Self::File => "the file of the video",
            Self::Decoder => "a machine that can read and decode the video",
        }
    }
}
