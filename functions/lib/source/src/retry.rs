//! Reading again what failed for the moment.

use super::{RangeSource, ReadError};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How often, and after what pauses, a read is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Tries after the first one.
    pub times: u32,
    /// Before the first of them; each further pause is four times as long, and each is drawn
    /// from half of that up to all of it, so that many readers do not come back all at once.
    pub pause: Duration,
}

impl Default for Retries {
    /// Three: after up to 0.1, 0.4 and 1.6 seconds.
    fn default() -> Self {
        Self {
            times: 3,
            pause: Duration::from_millis(100),
        }
    }
}

impl Retries {
    /// Fills `into` from `offset` on, however often that must be tried. For a read by itself;
    /// many at once are a [`super::Prefetcher`].
    ///
    /// # Errors
    /// The last one, where it is [`ReadError::Transient`]; any other at once.
    pub fn read_at(
        &self,
        source: &dyn RangeSource,
        offset: u64,
        into: &mut [u8],
    ) -> Result<(), ReadError> {
        let pause = |pause| {
            std::thread::sleep(pause);
            true
        };
        self.run(pause, || source.read_at(offset, into))
    }

    /// `go_on` waits, and tells whether the result is still wanted after that.
    pub(super) fn run<T>(
        &self,
        mut go_on: impl FnMut(Duration) -> bool,
        mut read: impl FnMut() -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let mut pause = self.pause;
        for _ in 0..self.times {
            match read() {
                Err(ReadError::Transient(error)) => {
                    tracing::debug!(%error, ?pause, "a read is tried again");
                    if !go_on(jittered(pause)) {
                        return Err(error.into());
                    }
                }
                done => return done,
            }
            pause = pause.saturating_mul(4);
        }
        read()
    }
}

/// A source whose reads are tried again.
#[derive(Debug)]
pub struct RetryingSource<'a>(pub &'a dyn RangeSource);

impl RangeSource for RetryingSource<'_> {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        Retries::default().read_at(self.0, offset, into)
    }

    fn inner(&self) -> Option<&dyn RangeSource> {
        Some(self.0)
    }
}

/// Between half of `most` and all of it.
fn jittered(most: Duration) -> Duration {
    // Hashers are keyed by chance; nothing here has to be unpredictable.
    let chance = RandomState::new().hash_one(0) % 1024;
    most.mul_f64(0.5 + chance as f64 / 2048.0)
}
