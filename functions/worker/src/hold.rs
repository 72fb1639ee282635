//! A message kept from other workers for as long as this one lives.
//!
//! The queue itself hides a message for six times the function's time, so that no worker is ever
//! overtaken. Held by signs of life, a message of a worker that died comes again in minutes.

use aws::Hold;
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::warn;

/// How long a message stays hidden without a sign of life.
const HIDDEN: Duration = Duration::from_secs(120);

/// Between signs of life: two may get lost.
const BEAT: Duration = Duration::from_secs(40);

/// A message in hand.
pub(crate) struct Held {
    hold: Hold,
    beats: JoinHandle<()>,
}

impl Held {
    pub(crate) fn begin(hold: Hold) -> Self {
        let beats = tokio::spawn(beat(hold.clone()));
        Self { hold, beats }
    }

    /// Lets others have it after `pause`.
    pub(crate) async fn release(mut self, pause: Duration) {
        self.beats.abort();
        // Whatever beat was on its way has come to its end.
        let _ = (&mut self.beats).await;
        if let Err(error) = self.hold.hide(pause).await {
            warn!(%error, "a message comes again later than it should");
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.beats.abort();
    }
}

async fn beat(hold: Hold) {
    loop {
        if let Err(error) = hold.hide(HIDDEN).await {
            warn!(%error, "a message could not be held");
        }
        tokio::time::sleep(BEAT).await;
    }
}
