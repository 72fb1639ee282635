//! A message kept from other workers for as long as this one lives.
//!
//! The queue itself hides a message for six times the function's time, so that no worker is ever
//! overtaken. Held by signs of life, a message of a worker that died comes again in minutes.

use aws::ReceivedMessage;
use service::worker::heartbeat;
use std::convert::Infallible;
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::warn;

/// How long a message stays hidden without a sign of life.
const HIDDEN: Duration = Duration::from_secs(120);

/// A message in hand.
pub(crate) struct VisibilityHeartbeat {
    message: ReceivedMessage,
    beats: JoinHandle<Infallible>,
}

impl VisibilityHeartbeat {
    pub(crate) fn start(message: ReceivedMessage) -> Self {
        let beats = tokio::spawn(keep_hidden(message.clone()));
        Self { message, beats }
    }

    /// Lets others have it after `pause`.
    pub(crate) async fn release(mut self, pause: Duration) {
        self.beats.abort();
        // Whatever beat was on its way has come to its end.
        let _ = (&mut self.beats).await;
        if let Err(error) = self.message.hide(pause).await {
            warn!(%error, "the message is delivered again later than it should be");
        }
    }
}

impl Drop for VisibilityHeartbeat {
    fn drop(&mut self) {
        self.beats.abort();
    }
}

/// First of all for less than the queue itself would: a worker that dies soon delays nobody.
async fn keep_hidden(message: ReceivedMessage) -> Infallible {
    if let Err(error) = message.hide(HIDDEN).await {
        warn!(%error, "the message in hand could not be kept hidden");
    }
    heartbeat(HIDDEN, |time| message.hide(time)).await
}
