//! When an event that its receiver did not take is sent again.

use service::backoff::Backoff;
use service::model::UnixMs;
use service::receiver::TRIED_FOR_MS;
use std::time::Duration;

/// Far below the 12 hours that SQS hides a message for. Each attempt is a run of the function, so
/// that the pauses grow to more than those of one machine: some thirty attempts in a day.
const PAUSES: Backoff = Backoff {
    first: Duration::from_secs(5),
    longest: Duration::from_secs(60 * 60),
};

/// The pause after the attempt of this number, from 1.
pub(crate) fn pause_after(attempt: u32) -> Duration {
    PAUSES.after(attempt)
}

/// Whether an event that was published then had its last attempt.
pub(crate) fn is_over(first_ms: UnixMs, now_ms: UnixMs) -> bool {
    now_ms.saturating_sub(first_ms) >= TRIED_FOR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a receiver that never answers: attempts, and what they take, s.
    fn whole_day() -> (u32, u64) {
        let (mut attempts, mut at_s) = (1, 0);
        while !is_over(0, i64::try_from(at_s).unwrap_or(i64::MAX) * 1000) {
            at_s += pause_after(attempts).as_secs();
            attempts += 1;
        }
        (attempts, at_s)
    }

    #[test]
    fn pauses_grow_and_never_reach_what_sqs_can_hide() {
        let seconds = [1, 2, 3, 10, 11, 1000].map(|attempt| pause_after(attempt).as_secs());
        assert_eq!(seconds, [5, 10, 20, 2560, 3600, 3600]);
        assert!((1..5000).all(|attempt| pause_after(attempt) < Duration::from_secs(12 * 3600)));
    }

    /// The queue's own bound (template.yaml) is far above, so that deliveries for which the function
    /// found no room take no attempt away.
    #[test]
    fn a_day_has_some_thirty_attempts() {
        let (attempts, seconds) = whole_day();
        assert!((30..40).contains(&attempts), "{attempts}");
        assert!((86_400..90_001).contains(&seconds), "{seconds}");
    }
}
