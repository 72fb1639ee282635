//! Workers: each takes one message at a time and keeps it invisible to others while it works.

use super::connections::descriptors;
use super::monitoring::ServerMetrics;
use embedded::{Delivery, Lane, Store};
use service::ports::{Clock, PortResult, SystemClock};
use service::worker::{Deadline, DeliveryAttempt, DeliveryOutcome, Worker, heartbeat};
use std::convert::Infallible;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// How long a message stays invisible after its last heartbeat.
const VISIBILITY: Duration = Duration::from_secs(60);

/// How long a running job may take to stop at its next checkpoint once the server is told to stop.
/// A job that takes longer, such as where a store hangs, is returned to the queue without one. The
/// server aborts what still runs a second after it was told.
const STOP_WITHIN: Duration = Duration::from_millis(800);

/// Pause after the store did not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How often settling a message is tried where the store does not answer. After that the message is
/// delivered again once it is visible.
const SETTLE_ATTEMPTS: u32 = 20;

/// How many jobs run at once where nobody says. Each takes descriptors, whether it decodes or waits.
pub(crate) fn default_workers() -> u16 {
    const WORKERS: u16 = 4;
    const DESCRIPTORS: u64 = 256;
    match descriptors::raise_limit() < DESCRIPTORS {
        true => 1,
        false => WORKERS,
    }
}

/// Works until told to stop. A running job stops at a checkpoint and resumes at the next start.
pub(super) async fn work(
    lane: Lane,
    store: Store,
    (worker, metrics): (Worker, ServerMetrics),
    stop: CancellationToken,
) {
    let until = Deadline::none();
    let stopped = end_when_cancelled(&stop, &until);
    tokio::pin!(stopped);
    loop {
        let received = tokio::select! {
            biased;
            () = &mut stopped => return,
            received = next(lane, &store) => received,
        };
        let running = run(&store, (&worker, &metrics), &received, &until);
        tokio::pin!(running);
        tokio::select! {
            biased;
            () = &mut running => continue,
            () = &mut stopped => {}
        }
        if tokio::time::timeout(STOP_WITHIN, running).await.is_err() {
            give_back(&store, &worker, &received).await;
        }
        return;
    }
}

/// Ends `until` when the server is told to stop.
async fn end_when_cancelled(stop: &CancellationToken, until: &Deadline) {
    stop.cancelled().await;
    until.end();
}

/// Makes a message visible again at once because its job did not stop in time.
async fn give_back(store: &Store, worker: &Worker, delivery: &Delivery) {
    warn!("a job did not stop in time; it goes on at the next start");
    worker.give_back(&delivery.message).await;
    if let Err(error) = settle(store, delivery, DeliveryOutcome::GivenBack).await {
        warn!(%error, "the message could not be given back");
    }
}

async fn next(lane: Lane, store: &Store) -> Delivery {
    loop {
        match store
            .receive_of(lane, SystemClock.now_ms(), millis(VISIBILITY))
            .await
        {
            Ok(Some(delivery)) => return delivery,
            Ok(None) => store.wait_for_message_of(lane, SystemClock.now_ms()).await,
            Err(error) => {
                warn!(%error, "the queue did not answer");
                tokio::time::sleep(STORE_PAUSE).await;
            }
        }
    }
}

async fn run(
    store: &Store,
    (worker, metrics): (&Worker, &ServerMetrics),
    delivery: &Delivery,
    until: &Deadline,
) {
    let attempt = DeliveryAttempt {
        number: delivery.receives,
        sent_ms: delivery.sent_ms,
    };
    let message = delivery.message.clone();
    let (outcome, report) = tokio::select! {
        ended = worker.run_until(message, attempt, until.clone()) => ended,
        never = hold(store, delivery) => match never {},
    };
    metrics.count_run(&report);
    for _ in 0..SETTLE_ATTEMPTS {
        match settle(store, delivery, outcome).await {
            Ok(_) => return,
            // Not lost: it is delivered again, and the job's record says that it has ended.
            Err(error) => warn!(%error, "the message could not be settled"),
        }
        tokio::time::sleep(STORE_PAUSE).await;
    }
}

/// Whether this delivery still held.
async fn settle(store: &Store, delivery: &Delivery, outcome: DeliveryOutcome) -> PortResult<bool> {
    let receipt = &delivery.receipt;
    let after = match outcome {
        DeliveryOutcome::Done | DeliveryOutcome::GivenUp => return store.delete(receipt).await,
        DeliveryOutcome::Retry(after) => after,
        DeliveryOutcome::GivenBack => Duration::ZERO,
    };
    let at = SystemClock.now_ms() + millis(after);
    store.release(receipt, at).await
}

/// Keeps the message hidden for as long as this is polled.
async fn hold(store: &Store, delivery: &Delivery) -> Infallible {
    let extend = async |hidden| {
        let until = SystemClock.now_ms() + millis(hidden);
        store.extend(&delivery.receipt, until).await.map(drop)
    };
    heartbeat(VISIBILITY, extend).await
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
