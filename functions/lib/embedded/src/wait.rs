//! Waiting without looking all the time.

use service::model::UnixMs;
use service::ports::PortResult;
use std::time::Duration;

/// Nobody waits longer than this without a look: the machine's clock may be set anew.
const LONGEST: Duration = Duration::from_secs(60);
/// Before the next look when there was no answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Returns when `told` is, or when `next_ms` comes, counted from `now_ms`.
///
/// `told` was made before the look that gave `next_ms`, so that nothing falls between.
pub(crate) async fn told_or_due(
    told: impl Future<Output = ()>,
    next_ms: PortResult<Option<UnixMs>>,
    now_ms: UnixMs,
) {
    let wait = match next_ms {
        Ok(next_ms) => next_ms.map_or(LONGEST, |next_ms| until(next_ms, now_ms)),
        Err(_) => PAUSE,
    };
    let _ = tokio::time::timeout(wait, told).await;
}

fn until(next_ms: UnixMs, now_ms: UnixMs) -> Duration {
    let wait_ms = u64::try_from(next_ms.saturating_sub(now_ms)).unwrap_or_default();
    Duration::from_millis(wait_ms).min(LONGEST)
}
