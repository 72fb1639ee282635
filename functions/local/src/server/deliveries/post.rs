//! One attempt to bring one event to one subscriber.

use crate::server::callbacks::{self, CallbackAllow, TIMEOUT, signing};
use contract::redacted;
use embedded::{Attempted, DueDelivery, Store};
use rustix::io::Errno;
use service::model::CallbackSettings;
use service::ports::{Clock, PortError, SystemClock};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::Agent;

/// A receiver that answers within this keeps nobody else waiting.
const QUICK: Duration = Duration::from_secs(1);

/// One attempt, over.
pub(super) struct Outcome {
    /// What came of it.
    pub(super) attempted: Attempted,
    /// Why it was not taken; empty where it was.
    pub(super) cause: String,
}

impl Outcome {
    fn new(attempted: Attempted, cause: impl ToString) -> Self {
        Self {
            attempted,
            cause: cause.to_string(),
        }
    }
}

/// The way to the subscribers: the operator's own are called wherever they are, a client's
/// callback only where those may lead.
#[derive(Clone)]
pub(in crate::server) struct Post {
    subscribers: Arc<BTreeSet<String>>,
    trusting: Agent,
    checking: Agent,
}

impl Post {
    pub(in crate::server) fn new(subscribers: Vec<String>, allowed: Vec<CallbackAllow>) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false);
        Self {
            subscribers: Arc::new(subscribers.into_iter().collect()),
            trusting: config.build().into(),
            checking: callbacks::client(allowed),
        }
    }

    /// # Errors
    /// The trouble is ours and says nothing of the receiver: it was not called.
    pub(super) async fn send(
        &self,
        store: &Store,
        delivery: &DueDelivery,
    ) -> Result<Outcome, PortError> {
        let is_callback = delivery.event.callback_url.as_ref() == Some(&delivery.url);
        let client = match is_callback && !self.subscribers.contains(&delivery.url) {
            true => &self.checking,
            false => &self.trusting,
        };
        let mut request = client
            .post(&delivery.url)
            .header("content-type", "application/json;charset=utf-8")
            .header("x-vod-event-id", &delivery.event.id);
        if is_callback {
            for (name, value) in signed(store, delivery).await? {
                request = request.header(name, value);
            }
        }
        let body = delivery.event.body.clone();
        let begun = Instant::now();
        let sent = tokio::task::spawn_blocking(move || request.send(&body[..])).await;
        let quick = begun.elapsed() <= QUICK;
        Ok(match sent {
            Ok(Ok(answer)) => match answer.status().as_u16() {
                200 => Outcome::new(Attempted::Delivered { quick }, ""),
                status => Outcome::new(Attempted::Refused { quick }, format!("status {status}")),
            },
            Ok(Err(error)) if is_out_of_descriptors(&error) => {
                return Err(PortError::unavailable("deliveries", error));
            }
            Ok(Err(error)) => match callbacks::refusal(&error) {
                Some(refused) => Outcome::new(Attempted::Forbidden, refused),
                None => {
                    let cause = redacted::about(&delivery.url, &error.to_string());
                    Outcome::new(Attempted::Unanswered, cause)
                }
            },
            Err(panic) => Outcome::new(Attempted::Unanswered, panic),
        })
    }
}

fn is_out_of_descriptors(error: &ureq::Error) -> bool {
    let ureq::Error::Io(cause) = error else {
        return false;
    };
    let errno = Errno::from_io_error(cause);
    matches!(errno, Some(Errno::MFILE | Errno::NFILE))
}

/// The headers of a signature made now, where callbacks are signed now.
async fn signed(
    store: &Store,
    delivery: &DueDelivery,
) -> Result<Vec<(&'static str, String)>, PortError> {
    let callbacks = store.ports().callbacks;
    let settings = callbacks.get(CallbackSettings::DEFAULT_APP).await?;
    let Some(key) = settings.as_ref().and_then(CallbackSettings::signing_key) else {
        return Ok(Vec::new());
    };
    let timestamp = SystemClock.now_ms() / 1000;
    Ok(signing::headers(&delivery.url, timestamp, key, &delivery.event.body).into())
}
