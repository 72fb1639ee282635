//! SnapshotComplete to its subscribers by HTTP POST (contract section 4.2): only 200 counts,
//! 5 seconds, no redirects. Nothing is dropped before a day has passed, but what leads where
//! callbacks may not is dropped at once.

mod post;

pub(super) use post::Post;

use contract::redacted::RedactedReceiver;
use embedded::{DueDelivery, Store};
use post::Unsent;
use service::ports::{Clock, SystemClock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{info, warn};

/// Between attempts at the most.
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1000;
/// After this the delivery is given up.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Deliveries at a time.
const AT_ONCE: usize = 16;

/// The loop that delivers until told to stop.
pub(super) async fn deliver(store: Store, post: Post, stopped: watch::Receiver<bool>) {
    let stop = super::stop_told(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = round(&store, &post) => {}
        }
    }
}

/// Delivers what is due, or waits until something is.
async fn round(store: &Store, post: &Post) {
    let due = match store.due_deliveries(SystemClock.now_ms(), AT_ONCE).await {
        Ok(due) => due,
        Err(error) => {
            warn!(%error, "the event log did not answer");
            return tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    if due.is_empty() {
        return store.wait_for_delivery(SystemClock.now_ms()).await;
    }
    let mut posts = JoinSet::new();
    for delivery in due {
        let (store, post) = (store.clone(), post.clone());
        posts.spawn(async move { attempt(&store, &post, delivery).await });
    }
    while posts.join_next().await.is_some() {}
}

async fn attempt(store: &Store, post: &Post, delivery: DueDelivery) {
    let url = RedactedReceiver(&delivery.url).to_string();
    let event_id = delivery.event.id.clone();
    let outcome = post.send(store, &delivery).await;
    let now = SystemClock.now_ms();
    let recorded = match outcome {
        Ok(()) => store.record_delivered(delivery.id).await,
        Err(Unsent::Never(cause)) => {
            warn!(event_id, url, cause, "refused, and given up");
            store.give_up(delivery.id).await
        }
        Err(Unsent::Now(cause)) if now - delivery.first_ms >= DAY_MS => {
            warn!(event_id, url, cause, "given up after a day");
            store.give_up(delivery.id).await
        }
        Err(Unsent::Now(cause)) => {
            let pause_ms = pause_ms(delivery.attempts);
            info!(event_id, url, cause, pause_ms, "not taken");
            store.record_failed(delivery.id, now + pause_ms).await
        }
    };
    if let Err(error) = recorded {
        warn!(%error, "a delivery could not be recorded; it will be made again");
    }
}

/// 1 s, 1 s, then twice as long each time.
fn pause_ms(attempts: u32) -> i64 {
    (500_i64 << attempts.clamp(1, 20)).min(LONGEST_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn pauses_grow_to_ten_minutes() {
        let pauses = [0, 1, 2, 3, 10, 4_000_000_000].map(super::pause_ms);
        assert_eq!(pauses, [1000, 1000, 2000, 4000, 512_000, 600_000]);
    }
}
