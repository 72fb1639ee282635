//! How much a piece of work is, roughly: enough to tell a cover from a film.

use std::time::Duration;

/// What a decoder makes of most videos, px for each ms.
const PIXELS_PER_MS: u64 = 200_000;
/// What a demuxer reads of a file for each ms.
const BYTES_PER_MS: u64 = 200_000;
/// Starting a decoder.
const START: Duration = Duration::from_millis(50);
/// So long at most is somebody passed by all who come later: no work counts for more.
const MOST: Duration = Duration::from_secs(5);
/// What is shorter delays others by no more than a turn does.
const LARGE: Duration = Duration::from_secs(1);

/// Planned time of one processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedWork(Duration);

impl PlannedWork {
    /// One look at a stream.
    pub const LOOK: Self = Self(START);
    /// Nobody knows how much it is.
    pub const UNKNOWN: Self = Self(MOST);

    /// Decoding so many frames of so many pixels.
    #[must_use]
    pub fn of_frames(frames: u64, pixels: u64) -> Self {
        let ms = frames.saturating_mul(pixels) / PIXELS_PER_MS;
        Self(START.saturating_add(Duration::from_millis(ms)))
    }

    /// Reading a file of so many bytes, perhaps all of it.
    #[must_use]
    pub fn of_file(bytes: u64) -> Self {
        Self(START.saturating_add(Duration::from_millis(bytes / BYTES_PER_MS)))
    }

    /// How long it is.
    #[must_use]
    pub fn time(self) -> Duration {
        self.0
    }

    pub(super) fn is_large(self) -> bool {
        self.0 >= LARGE
    }

    /// Of work that arrives `now`; the lowest is served first.
    pub(super) fn rank(self, now: Duration) -> Duration {
        now.saturating_add(self.0.min(MOST))
    }
}
