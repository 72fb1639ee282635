//! SnapshotComplete to its subscribers by HTTP POST (contract section 4.2): only 200 counts,
//! 5 seconds, no redirects. Nothing is dropped before a day has passed, but what leads where
//! callbacks may not is dropped at once.
//!
//! One receiver's trouble is its own. A receiver is an origin: scheme, host and port. Each has
//! its own turns, posts and pauses, and those that are slow, silent or unknown share a part of
//! the posts, so that the rest is always there for those that answer.

mod flights;
mod post;

pub(super) use post::Post;

use contract::redacted::RedactedReceiver;
use embedded::{DueDelivery, RetryPolicy, Standing, Store};
use flights::{Flight, Flights};
use post::Outcome;
use service::ports::{Clock, PortResult, SystemClock};
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};

/// Between attempts at the most.
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1000;
/// After this the delivery is given up.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Where the trouble is ours: the store, or no descriptor.
const OWN_PAUSE: Duration = Duration::from_secs(1);
/// Once told to stop: what is answered by then is not delivered again at the next start.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

const POLICY: RetryPolicy = RetryPolicy {
    pause_ms,
    give_up_after_ms: DAY_MS,
};

/// The loop that delivers until told to stop.
pub(super) async fn deliver(store: Store, post: Post, stopped: watch::Receiver<bool>) {
    let stop = super::stop_told(stopped);
    tokio::pin!(stop);
    let mut flights = Flights::default();
    loop {
        let now_ms = SystemClock.now_ms();
        let next_turn = store.next_turn(now_ms);
        let begun = begin_due(&store, &post, &mut flights, now_ms).await;
        if let Err(error) = &begun {
            warn!(%error, "the event log did not answer");
        }
        tokio::select! {
            () = &mut stop => break,
            () = flights.landed() => {}
            () = next_turn, if begun.is_ok() => {}
            () = tokio::time::sleep(OWN_PAUSE), if begun.is_err() => {}
        }
    }
    let landed = async {
        while !flights.is_empty() {
            flights.landed().await;
        }
    };
    // What is still on its way is delivered again: better twice than never.
    let _ = tokio::time::timeout(LAST_ANSWERS, landed).await;
}

/// Sends off what is due, as far as there is room.
async fn begin_due(
    store: &Store,
    post: &Post,
    flights: &mut Flights,
    now_ms: i64,
) -> PortResult<()> {
    for standing in [Standing::Quick, Standing::New, Standing::Slow] {
        let room = flights.room(standing);
        if room == 0 {
            continue;
        }
        // Those in the air are among them.
        let limit = room + flights.len();
        for receiver in store.due_receivers(standing, now_ms, limit).await? {
            let room = flights.room_for(&receiver);
            if room == 0 {
                continue;
            }
            let limit = room + flights.to(&receiver.origin);
            let due = store
                .due_deliveries(&receiver.origin, now_ms, limit)
                .await?;
            let grounded = due.into_iter().filter(|due| !flights.holds(due.id));
            for delivery in grounded.take(room).collect::<Vec<_>>() {
                let flight = Flight {
                    delivery_id: delivery.id,
                    receiver: receiver.clone(),
                };
                flights.begin(flight, attempt(store.clone(), post.clone(), delivery));
            }
        }
    }
    Ok(())
}

/// One attempt, until it is recorded: else it would be made again at once.
async fn attempt(store: Store, post: Post, delivery: DueDelivery) {
    let outcome = loop {
        match post.send(&store, &delivery).await {
            Ok(outcome) => break outcome,
            Err(error) => warn!(%error, "a delivery could not begin"),
        }
        tokio::time::sleep(OWN_PAUSE).await;
    };
    let now_ms = SystemClock.now_ms();
    log(&delivery, &outcome, now_ms);
    while let Err(error) = store
        .record_attempt(delivery.id, outcome.attempted, now_ms, POLICY)
        .await
    {
        warn!(%error, "a delivery could not be recorded");
        tokio::time::sleep(OWN_PAUSE).await;
    }
}

fn log(delivery: &DueDelivery, outcome: &Outcome, now_ms: i64) {
    use embedded::Attempted::{Delivered, Forbidden, Refused, Unanswered};
    let (event_id, cause) = (&delivery.event.id, &outcome.cause);
    let url = RedactedReceiver(&delivery.url).to_string();
    match outcome.attempted {
        Delivered { .. } => {}
        Forbidden => warn!(event_id, url, cause, "refused, and given up"),
        Refused { .. } | Unanswered if now_ms - delivery.first_ms >= DAY_MS => {
            warn!(event_id, url, cause, "given up after a day");
        }
        Refused { .. } | Unanswered => {
            let pause_ms = pause_ms(delivery.attempts);
            info!(event_id, url, cause, pause_ms, "not taken");
        }
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
