//! Delivers SnapshotComplete events to their subscribers by HTTP POST.
//!
//! Only status 200 within 5 seconds counts as delivered, and redirects are not followed. A failed
//! delivery is retried with the same body for a day, with growing pauses. One that may not be sent
//! to its URL at all is abandoned at once.
//!
//! A slow receiver must not delay the others. A receiver is an origin: scheme, host and port. Each
//! has its own queue and pauses. Receivers that are slow, silent or new share a part of the
//! connections, so that the rest is always free for those that answer at once.

mod attempt;
mod in_flight;

pub(super) use attempt::EventSender;

use attempt::AttemptResult;
use contract::redacted::RedactedReceiver;
use embedded::{DueDelivery, RetryPolicy, Standing, Store};
use in_flight::{InFlightDeliveries, InFlightDelivery};
use service::ports::{Clock, PortResult, SystemClock};
use service::receiver::TRIED_FOR_MS;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The longest pause between two attempts.
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1000;
/// Pause after a failure of our own: the store did not answer, or no descriptor was left.
const OWN_PAUSE: Duration = Duration::from_secs(1);
/// How long running attempts may go on once told to stop. Those answered by then are not repeated
/// at the next start.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

const RETRY_POLICY: RetryPolicy = RetryPolicy {
    pause_ms,
    give_up_after_ms: TRIED_FOR_MS,
};

/// Delivers events until told to stop.
pub(super) async fn deliver(store: Store, sender: EventSender, stop: CancellationToken) {
    let mut in_flight = InFlightDeliveries::default();
    loop {
        let now_ms = SystemClock.now_ms();
        let next_turn = store.next_turn(now_ms);
        let started = start_due(&store, &sender, &mut in_flight, now_ms).await;
        if let Err(error) = &started {
            warn!(%error, "the event log did not answer");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = in_flight.next_finished() => {}
            () = next_turn, if started.is_ok() => {}
            () = tokio::time::sleep(OWN_PAUSE), if started.is_err() => {}
        }
    }
    let finished = async {
        while !in_flight.is_empty() {
            in_flight.next_finished().await;
        }
    };
    // What is unanswered by then is delivered again: better twice than never.
    let _ = tokio::time::timeout(LAST_ANSWERS, finished).await;
}

/// Starts the deliveries that are due, as far as there are free slots.
async fn start_due(
    store: &Store,
    sender: &EventSender,
    in_flight: &mut InFlightDeliveries,
    now_ms: i64,
) -> PortResult<()> {
    let mut result = Ok(());
    for standing in [Standing::Quick, Standing::New, Standing::Slow] {
        let free = in_flight.free_slots(standing);
        if free == 0 {
            continue;
        }
        // The receivers of deliveries in flight are among those that are due.
        let limit = free + in_flight.len();
        for receiver in store.due_receivers(standing, now_ms, limit).await? {
            let free = in_flight.free_slots_for(&receiver);
            if free == 0 {
                continue;
            }
            let limit = free + in_flight.count_for(&receiver.origin);
            let due = store.due_deliveries(&receiver.origin, now_ms, limit).await;
            // What can't be read of one receiver's deliveries holds up no other.
            let due = due.unwrap_or_else(|error| {
                result = Err(error);
                Vec::new()
            });
            let waiting = due.into_iter().filter(|due| !in_flight.contains(due.id));
            for delivery in waiting.take(free).collect::<Vec<_>>() {
                let started = InFlightDelivery {
                    delivery_id: delivery.id,
                    receiver: receiver.clone(),
                };
                let attempt = attempt(store.clone(), sender.clone(), delivery);
                in_flight.spawn(started, attempt);
            }
        }
    }
    result
}

/// Makes one attempt, and returns once it is recorded. Unrecorded, it would be repeated at once.
async fn attempt(store: Store, sender: EventSender, delivery: DueDelivery) {
    let result = loop {
        match sender.send(&store, &delivery).await {
            Ok(result) => break result,
            Err(error) => warn!(%error, "a delivery could not be started"),
        }
        tokio::time::sleep(OWN_PAUSE).await;
    };
    let now_ms = SystemClock.now_ms();
    log_result(&delivery, &result, now_ms);
    while let Err(error) = store
        .record_attempt(delivery.id, result.attempted, now_ms, RETRY_POLICY)
        .await
    {
        warn!(%error, "a delivery could not be recorded");
        tokio::time::sleep(OWN_PAUSE).await;
    }
}

fn log_result(delivery: &DueDelivery, result: &AttemptResult, now_ms: i64) {
    use embedded::Attempted::{Delivered, Forbidden, Refused, Unanswered};
    let (event_id, cause) = (&delivery.event.id, &result.cause);
    let url = RedactedReceiver(&delivery.url).to_string();
    match result.attempted {
        Delivered { .. } => {}
        Forbidden => warn!(
            event_id,
            url,
            cause,
            "delivery abandoned: callbacks may not be sent to this URL; --callback-allow can permit an address"
        ),
        Refused { .. } | Unanswered if now_ms - delivery.first_ms >= TRIED_FOR_MS => {
            warn!(event_id, url, cause, "delivery abandoned after a day");
        }
        Refused { .. } | Unanswered => {
            let pause_ms = pause_ms(delivery.attempts);
            info!(
                event_id,
                url, cause, pause_ms, "delivery failed; retrying later"
            );
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
