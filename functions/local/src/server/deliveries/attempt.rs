//! One attempt to deliver one event to one subscriber.

use crate::server::monitoring::ServerMetrics;
use embedded::{Attempted, DueDelivery, Store};
use service::model::CallbackSettings;
use service::ports::PortError;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;
use webhook::{AllowedDestination, UrlTrust, Webhook, WebhookClient, WebhookError};

/// A receiver that answers within this delays nobody else.
const QUICK: Duration = Duration::from_secs(1);

/// A finished attempt.
pub(super) struct AttemptResult {
    /// How it ended, as the store records it.
    pub(super) attempted: Attempted,
    /// Why it failed; empty where it did not.
    pub(super) cause: String,
}

impl AttemptResult {
    fn new(attempted: Attempted, cause: impl ToString) -> Self {
        Self {
            attempted,
            cause: cause.to_string(),
        }
    }
}

/// An attempt that was not made, for a reason of our own. It says nothing about the receiver.
#[derive(Debug, Error)]
pub(super) enum NotAttempted {
    #[error("the callback settings could not be read: {0}")]
    Store(#[from] PortError),
    #[error("no descriptor left: {0}")]
    OutOfDescriptors(std::io::Error),
}

/// Sends events. Clones are the same.
#[derive(Clone)]
pub(crate) struct EventSender {
    /// URLs that the operator named.
    subscribers: Arc<BTreeSet<String>>,
    client: WebhookClient,
    metrics: Option<ServerMetrics>,
}

impl EventSender {
    pub(crate) fn new(subscribers: Vec<String>, allowed: Vec<AllowedDestination>) -> Self {
        Self {
            subscribers: Arc::new(subscribers.into_iter().collect()),
            client: WebhookClient::new(allowed),
            metrics: None,
        }
    }

    /// The same, with its failures counted.
    pub(crate) fn counted_by(self, metrics: ServerMetrics) -> Self {
        Self {
            metrics: Some(metrics),
            ..self
        }
    }

    /// Makes one attempt.
    ///
    /// # Errors
    /// See [`NotAttempted`].
    pub(super) async fn send(
        &self,
        store: &Store,
        delivery: &DueDelivery,
    ) -> Result<AttemptResult, NotAttempted> {
        let webhook = self.webhook(store, delivery).await?;
        let client = self.client.clone();
        let started = Instant::now();
        let sent = tokio::task::spawn_blocking(move || client.send(&webhook)).await;
        let quick = started.elapsed() <= QUICK;
        let result = match sent {
            Ok(Ok(())) => AttemptResult::new(Attempted::Delivered { quick }, ""),
            Ok(Err(error)) => failed(error, quick)?,
            Err(panic) => AttemptResult::new(Attempted::Unanswered, panic),
        };
        if let Some(metrics) = &self.metrics
            && !matches!(result.attempted, Attempted::Delivered { .. })
        {
            metrics.count_failed_delivery();
        }
        Ok(result)
    }

    /// The callback that a client named is signed, where callbacks are signed now. Subscribers
    /// of the operator get the event unsigned.
    async fn webhook(&self, store: &Store, delivery: &DueDelivery) -> Result<Webhook, PortError> {
        let url = &delivery.url;
        let is_callback = delivery.event.callback_url.as_ref() == Some(url);
        let is_trusted = !is_callback || self.subscribers.contains(url);
        Ok(Webhook {
            url: url.clone(),
            event_id: delivery.event.id.clone(),
            body: delivery.event.body.clone(),
            trust: match is_trusted {
                true => UrlTrust::Operator,
                false => UrlTrust::Client,
            },
            signing_key: match is_callback {
                true => signing_key(store).await?,
                false => None,
            },
        })
    }
}

fn failed(error: WebhookError, quick: bool) -> Result<AttemptResult, NotAttempted> {
    let attempted = match error {
        WebhookError::Status(_) => Attempted::Refused { quick },
        WebhookError::NoAnswer(_) => Attempted::Unanswered,
        WebhookError::Forbidden(_) => Attempted::Forbidden,
        WebhookError::OutOfDescriptors(cause) => return Err(NotAttempted::OutOfDescriptors(cause)),
    };
    Ok(AttemptResult::new(attempted, error))
}

async fn signing_key(store: &Store) -> Result<Option<String>, PortError> {
    let callbacks = store.ports().callbacks;
    let settings = callbacks.get(CallbackSettings::DEFAULT_APP).await?;
    let key = settings.as_ref().and_then(CallbackSettings::signing_key);
    Ok(key.map(str::to_owned))
}
