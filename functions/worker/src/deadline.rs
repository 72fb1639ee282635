//! The time of a function, and its end.

use service::ports::{Clock, SystemClock};
use service::worker::Deadline;
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tracing::warn;

/// So much of the time left at the beginning is for work, per cent; the rest is for keeping what
/// is done and handing on what is not.
const FOR_WORK: u64 = 85;

/// Until when to work in a call that ends at `deadline_ms` (Unix time).
pub(crate) fn work_until(deadline_ms: u64) -> Deadline {
    let now_ms = u64::try_from(SystemClock.now_ms()).unwrap_or_default();
    let work_ms = deadline_ms.saturating_sub(now_ms).saturating_mul(FOR_WORK) / 100;
    let end = Instant::now().checked_add(Duration::from_millis(work_ms));
    end.map_or_else(Deadline::none, Deadline::at)
}

/// Runs `end` when this environment is told to end, and ends the process after it. Lambda tells only
/// those that have an extension, so this registers one; where none can be registered, the signal
/// alone must do.
pub(crate) async fn on_shutdown<F, E>(end: F)
where
    F: FnOnce() -> E + Clone + Send + 'static,
    E: Future<Output = ()> + Send + 'static,
{
    let hook = end.clone();
    let registering = lambda_runtime::spawn_graceful_shutdown_handler(hook);
    // A runtime without extensions makes it panic.
    if let Err(cause) = tokio::spawn(registering).await {
        warn!(%cause, "no extension: the end may come without a word");
        tokio::spawn(async move {
            if let Ok(mut terminated) = signal(SignalKind::terminate()) {
                terminated.recv().await;
                end().await;
                std::process::exit(0);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_the_time_is_kept_back() {
        let now_ms = u64::try_from(SystemClock.now_ms()).unwrap_or_default();
        let until = work_until(now_ms + 100_000);
        let left = until.bound(Duration::MAX).as_millis();
        assert!((80_000..=85_000).contains(&left), "{left}");
        assert!(work_until(now_ms).is_over());
        assert!(!work_until(u64::MAX).is_over());
    }
}
