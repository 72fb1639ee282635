//! Workers: each takes a message at a time and holds on to it while it works.

use embedded::{Delivery, Store};
use service::ports::{Clock, PortResult, SystemClock};
use service::worker::{DeliveryAttempt, DeliveryOutcome, Until, Worker, heartbeat};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tracing::warn;

/// How long a message stays hidden without a sign of life.
const VISIBILITY: Duration = Duration::from_secs(60);

/// How long a job in hand may take to stop once the server is told to. It keeps what is done by
/// itself; one that does not, such as where a store hangs, is given back without that. The server ends
/// what is left a second after it was told.
const TO_STOP: Duration = Duration::from_millis(800);

/// How long to wait after the store could not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How often a message is settled where the store does not answer; then it comes again once it is
/// visible.
const SETTLE_TRIES: u32 = 20;

/// Works until told to stop. A job in hand stops where it is, and goes on at the next start.
pub(super) async fn work(store: Store, worker: Worker, stopped: watch::Receiver<bool>) {
    let until = Until::told();
    let stop = stop_at(stopped, until.clone());
    tokio::pin!(stop);
    loop {
        let received = tokio::select! {
            biased;
            () = &mut stop => return,
            received = next(&store) => received,
        };
        let running = run(&store, &worker, &received, &until);
        tokio::pin!(running);
        tokio::select! {
            biased;
            () = &mut running => continue,
            () = &mut stop => {}
        }
        if tokio::time::timeout(TO_STOP, running).await.is_err() {
            give_back(&store, &worker, &received).await;
        }
        return;
    }
}

/// Ends `until` when the server is told to stop.
async fn stop_at(stopped: watch::Receiver<bool>, until: Until) {
    super::stop_told(stopped).await;
    until.end();
}

/// Lets the next process have a message at once whose job did not stop in time.
async fn give_back(store: &Store, worker: &Worker, delivery: &Delivery) {
    warn!("a job did not stop in time; it goes on at the next start");
    worker.give_back(&delivery.message).await;
    if let Err(error) = settle(store, delivery, DeliveryOutcome::GivenBack).await {
        warn!(%error, "the message could not be given back");
    }
}

async fn next(store: &Store) -> Delivery {
    loop {
        match store
            .receive(SystemClock.now_ms(), millis(VISIBILITY))
            .await
        {
            Ok(Some(delivery)) => return delivery,
            Ok(None) => store.wait_for_message(SystemClock.now_ms()).await,
            Err(error) => {
                warn!(%error, "the queue did not answer");
                tokio::time::sleep(STORE_PAUSE).await;
            }
        }
    }
}

async fn run(store: &Store, worker: &Worker, delivery: &Delivery, until: &Until) {
    let attempt = DeliveryAttempt {
        number: delivery.receives,
        sent_ms: delivery.sent_ms,
    };
    let message = delivery.message.clone();
    let (outcome, _) = tokio::select! {
        ended = worker.run_until(message, attempt, until.clone()) => ended,
        never = hold(store, delivery) => match never {},
    };
    for _ in 0..SETTLE_TRIES {
        match settle(store, delivery, outcome).await {
            Ok(_) => return,
            // It will be delivered again, and the job knows that it is done.
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
