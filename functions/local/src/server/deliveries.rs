//! SnapshotComplete to its subscribers by HTTP POST (contract section 4.2): only 200 counts,
//! 5 seconds, no redirects. Nothing is dropped before a day has passed.

use embedded::{DueDelivery, Store};
use service::ports::{Clock, SystemClock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{info, warn};
use ureq::Agent;

/// For one POST, answer included.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Between attempts at the most.
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1000;
/// After this the delivery is given up.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Deliveries at a time.
const AT_ONCE: usize = 16;

/// The loop that delivers until told to stop.
pub(super) async fn deliver(store: Store, stopped: watch::Receiver<bool>) {
    let client = client();
    let stop = super::stop_told(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = round(&store, &client) => {}
        }
    }
}

fn client() -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false);
    config.build().into()
}

/// Delivers what is due, or waits until something is.
async fn round(store: &Store, client: &Agent) {
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
        let (store, client) = (store.clone(), client.clone());
        posts.spawn(async move { attempt(&store, &client, delivery).await });
    }
    while posts.join_next().await.is_some() {}
}

async fn attempt(store: &Store, client: &Agent, delivery: DueDelivery) {
    let outcome = post(client, &delivery).await;
    let now = SystemClock.now_ms();
    let recorded = match outcome {
        Ok(()) => store.record_delivered(delivery.id).await,
        Err(cause) if now - delivery.first_ms >= DAY_MS => {
            warn!(
                event_id = delivery.event.id,
                url = delivery.url,
                cause,
                "given up after a day"
            );
            store.give_up(delivery.id).await
        }
        Err(cause) => {
            let pause_ms = pause_ms(delivery.attempts);
            info!(
                event_id = delivery.event.id,
                url = delivery.url,
                cause,
                pause_ms,
                "not taken"
            );
            store.record_failed(delivery.id, now + pause_ms).await
        }
    };
    if let Err(error) = recorded {
        warn!(%error, "a delivery could not be recorded; it will be made again");
    }
}

async fn post(client: &Agent, delivery: &DueDelivery) -> Result<(), String> {
    let request = client
        .post(&delivery.url)
        .header("content-type", "application/json;charset=utf-8")
        .header("x-vod-event-id", &delivery.event.id);
    let body = delivery.event.body.clone();
    let sent = tokio::task::spawn_blocking(move || request.send(&body[..])).await;
    match sent.map_err(|panic| panic.to_string())? {
        Ok(answer) if answer.status().as_u16() == 200 => Ok(()),
        Ok(answer) => Err(format!("status {}", answer.status().as_u16())),
        Err(error) => Err(error.to_string()),
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
