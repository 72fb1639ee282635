//! The clock of one stream, of 33 bits that begin anew every 26.5 hours, made one that goes on.

use crate::IndexError;

const JUMPS: IndexError = IndexError::Unsupported("its clock jumps");

const WRAP: i64 = 1 << 33;
/// ffmpeg takes what is farther from the time before, or from that of another stream, for a clock
/// that begins anew.
const MOST_AHEAD: i64 = 9 * 90_000;
/// So far may times of one sound go back, and those of different streams lie apart.
const MOST_BACK: i64 = 90_000 / 2;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StreamClock {
    last: Option<i64>,
}

impl StreamClock {
    /// One whose next time is at `time` or soon after it.
    pub(super) fn before(time: i64) -> Self {
        Self {
            last: Some(time - 1),
        }
    }

    /// The next time. The first one is near that of another stream, `now`, where that is known.
    pub(super) fn next(&mut self, ticks: u64, now: Option<i64>) -> Result<i64, IndexError> {
        let ticks = i64::try_from(ticks).unwrap_or(i64::MAX);
        let (near, back) = match (self.last, now) {
            (Some(last), _) => (last, MOST_BACK),
            (None, Some(now)) => (now, MOST_AHEAD),
            (None, None) => (ticks, 0),
        };
        let time = nearest(ticks, near);
        if !(-back..=MOST_AHEAD).contains(&(time - near)) {
            return Err(JUMPS);
        }
        self.last = Some(time);
        Ok(time)
    }

    /// Whether this time is far before that of another stream.
    pub(super) fn is_long_ago(ticks: u64, now: Option<i64>) -> bool {
        let ticks = i64::try_from(ticks).unwrap_or(i64::MAX);
        now.is_some_and(|now| nearest(ticks, now) < now - MOST_AHEAD)
    }

    pub(super) fn last(&self) -> Option<i64> {
        self.last
    }
}

/// The time of 33 bits that is nearest to `near`.
pub(crate) fn nearest(ticks: i64, near: i64) -> i64 {
    let ahead = (ticks - near).rem_euclid(WRAP);
    near + if ahead >= WRAP / 2 {
        ahead - WRAP
    } else {
        ahead
    }
}

/// The first time of 33 bits that is at `time` or after it.
pub(crate) fn first_after(ticks: u64, time: i64) -> i64 {
    time + (i64::try_from(ticks).unwrap_or(0) - time).rem_euclid(WRAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_on_where_their_bits_begin_anew() {
        let mut clock = StreamClock::default();
        let last = (1 << 33) - 1800;
        assert_eq!(clock.next(last, None).unwrap(), WRAP - 1800);
        assert_eq!(clock.next(1800, None).unwrap(), WRAP + 1800);
        assert_eq!(clock.next(5400, None).unwrap(), WRAP + 5400);
        assert!(clock.next(5400 + 90_000 * 11, None).is_err());
        assert!(StreamClock::default().next(90_000 * 20, Some(0)).is_err());
    }
}
