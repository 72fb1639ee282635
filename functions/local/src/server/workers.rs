//! Workers: each takes a message at a time and holds on to it while it works.

use embedded::{Delivery, Store};
use service::ports::{Clock, PortResult, SystemClock};
use service::worker::{Attempt, Outcome, Worker};
use std::time::Duration;
use tokio::sync::watch;
use tracing::warn;

/// How long a message stays hidden without a sign of life.
const VISIBILITY: Duration = Duration::from_secs(60);

/// The delivery that ends a job whatever happens.
const LAST_RECEIVE: u32 = 5;

/// How long to wait after the store could not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How often a message is settled where the store does not answer; then it comes again once it is
/// visible.
const SETTLE_TRIES: u32 = 20;

/// Works until told to stop, then ends after the message in hand.
pub(super) async fn work(store: Store, worker: Worker, stopped: watch::Receiver<bool>) {
    loop {
        let received = tokio::select! {
            biased;
            () = super::stop_told(stopped.clone()) => return,
            received = next(&store) => received,
        };
        run(&store, &worker, received).await;
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

async fn run(store: &Store, worker: &Worker, delivery: Delivery) {
    let attempt = Attempt {
        number: delivery.receives,
        limit: LAST_RECEIVE,
    };
    let outcome = tokio::select! {
        outcome = worker.run(delivery.message.clone(), attempt) => outcome,
        () = hold(store, &delivery) => return,
    };
    for _ in 0..SETTLE_TRIES {
        match settle(store, &delivery, outcome).await {
            Ok(_) => return,
            // It will be delivered again, and the job knows that it is done.
            Err(error) => warn!(%error, "the message could not be settled"),
        }
        tokio::time::sleep(STORE_PAUSE).await;
    }
}

/// Whether this delivery still held.
async fn settle(store: &Store, delivery: &Delivery, outcome: Outcome) -> PortResult<bool> {
    let receipt = &delivery.receipt;
    match outcome {
        Outcome::Done => store.delete(receipt).await,
        Outcome::Retry(after) => {
            let at = SystemClock.now_ms() + millis(after);
            store.release(receipt, at).await
        }
    }
}

/// Keeps the message hidden for as long as this is polled.
async fn hold(store: &Store, delivery: &Delivery) {
    loop {
        tokio::time::sleep(VISIBILITY / 3).await;
        let until = SystemClock.now_ms() + millis(VISIBILITY);
        if let Err(error) = store.extend(&delivery.receipt, until).await {
            warn!(%error, "the message could not be held");
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
