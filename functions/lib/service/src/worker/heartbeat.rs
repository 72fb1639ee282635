//! Signs of life, which keep a message from other workers.

use crate::ports::PortResult;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tracing::warn;

/// So many come within the time that a message stays hidden without one: two may get lost.
const BEATS: u32 = 3;

/// Keeps a message that is hidden for `hidden` from now on hidden, for as long as this is polled:
/// `extend` hides it for that long again.
pub async fn heartbeat<F: Future<Output = PortResult<()>>>(
    hidden: Duration,
    extend: impl Fn(Duration) -> F,
) -> Infallible {
    loop {
        tokio::time::sleep(hidden / BEATS).await;
        if let Err(error) = extend(hidden).await {
            warn!(%error, "the message in hand could not be kept hidden");
        }
    }
}
