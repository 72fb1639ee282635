//! One attempt to bring one event to one subscriber.

use crate::server::callbacks::{self, CallbackAllow, TIMEOUT, signing};
use contract::redacted;
use embedded::{DueDelivery, Store};
use service::model::CallbackSettings;
use service::ports::{Clock, PortError, SystemClock};
use std::collections::BTreeSet;
use std::sync::Arc;
use ureq::Agent;

/// Why a subscriber did not take an event.
pub(super) enum Unsent {
    /// Another attempt may do.
    Now(String),
    /// The URL leads where it may not.
    Never(String),
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

    pub(super) async fn send(&self, store: &Store, delivery: &DueDelivery) -> Result<(), Unsent> {
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
            let signed = signed(store, delivery).await;
            for (name, value) in signed.map_err(|error| Unsent::Now(error.to_string()))? {
                request = request.header(name, value);
            }
        }
        let body = delivery.event.body.clone();
        let sent = tokio::task::spawn_blocking(move || request.send(&body[..])).await;
        match sent.map_err(|panic| Unsent::Now(panic.to_string()))? {
            Ok(answer) if answer.status().as_u16() == 200 => Ok(()),
            Ok(answer) => Err(Unsent::Now(format!("status {}", answer.status().as_u16()))),
            Err(error) => Err(match callbacks::refusal(&error) {
                Some(refused) => Unsent::Never(refused.to_string()),
                None => Unsent::Now(redacted::about(&delivery.url, &error.to_string())),
            }),
        }
    }
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
