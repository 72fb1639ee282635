//! Pauses that grow from one try to the next.

use std::time::Duration;

/// Twice as long each time, up to a longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Before the second try.
    pub first: Duration,
    /// However many came before.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after the try of this number, from 1.
    #[must_use]
    pub fn after(self, number: u32) -> Duration {
        let doublings = number.saturating_sub(1).min(u32::BITS - 1);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }

    /// The pauses after `tries` tries, in their order.
    pub fn pauses(self, tries: u32) -> impl Iterator<Item = Duration> {
        (1..=tries).map(move |number| self.after(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_grows_without_end_or_starts_at_nothing() {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(25),
        };
        let seconds =
            [0, 1, 2, 3, 5, 6, 32, 33, u32::MAX].map(|number| backoff.after(number).as_secs());
        assert_eq!(seconds, [1, 1, 2, 4, 16, 25, 25, 25, 25]);
        let all: Vec<_> = backoff.pauses(3).map(|pause| pause.as_secs()).collect();
        assert_eq!(all, [1, 2, 4]);
    }
}
