//! One message after another, each with an outcome of its own.

use crate::retries::{is_over, pause_after};
use aws::{CallTimeouts, CallbackMessage, CallbackQueue, Clients, Deployment, Refused};
use aws::{DeploymentError, WebhookSender};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use contract::redacted::RedactedReceiver;
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use service::model::{CallbackSettings, UnixMs};
use service::ports::{Callbacks, Clock, PortResult, SystemClock};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::{error, info, warn};
use webhook::{UrlTrust, Webhook, WebhookError};

/// After a failure of our own, which says nothing about the receiver.
const OWN_PAUSE: Duration = Duration::from_secs(10);

/// A receiver that takes longer to answer is in trouble, whatever it answers. One that refuses as it
/// should is far below, with its name looked up, a connection made and a cold function.
const SLOW: Duration = Duration::from_secs(1);

/// Sends callbacks.
pub(crate) struct CallbackHandler {
    settings: Arc<dyn Callbacks>,
    queue: CallbackQueue,
    dead_letters: CallbackQueue,
    sender: WebhookSender,
}

/// What becomes of a message.
enum Outcome {
    /// It leaves the queue.
    Settled,
    /// It comes again after this time, and what is behind it waits.
    Later(Duration),
}

/// One message, and which delivery of it this is.
struct Attempt {
    message: CallbackMessage,
    /// The id of the message in the queue. It is another one once a person has given the event back.
    record_id: String,
    /// Of this event, from 1. Deliveries that came to nothing count too.
    number: u32,
    /// When the event was published.
    first_ms: UnixMs,
    now_ms: UnixMs,
}

impl CallbackHandler {
    /// Over the deployment that the environment tells of.
    pub(crate) async fn open() -> Result<Self, Error> {
        let deployment = Deployment::from_environment()?;
        // All of it has to fit into the function's time, with the attempt between.
        let clients = Clients::load(CallTimeouts::Answer, &deployment).await;
        let queue = aws::callback_queue(&clients, &deployment);
        let dead_letters = aws::callback_dead_letters(&clients, &deployment);
        let missing = |name| move || DeploymentError::Missing(name);
        Ok(Self {
            settings: aws::callback_settings(&clients, &deployment),
            queue: queue.ok_or_else(missing("CALLBACKS_URL"))?,
            dead_letters: dead_letters.ok_or_else(missing("CALLBACK_DEAD_LETTERS_URL"))?,
            sender: WebhookSender::new(deployment.callback_rules()?)?,
        })
    }

    /// Fails those messages that are to come again. After one of them nothing more is done, since
    /// what follows may have to wait for it.
    pub(crate) async fn work(&self, event: LambdaEvent<Value>) -> Result<SqsBatchResponse, Error> {
        let batch: SqsEvent = serde_json::from_value(event.payload)?;
        let mut response = SqsBatchResponse::default();
        for record in batch.records {
            if response.batch_item_failures.is_empty() {
                match self.settle(&record).await {
                    Outcome::Settled => continue,
                    Outcome::Later(pause) => self.hide(&record, pause).await,
                }
            }
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = record.message_id.unwrap_or_default();
            response.batch_item_failures.push(failure);
        }
        Ok(response)
    }

    async fn hide(&self, record: &SqsMessage, pause: Duration) {
        let receipt = record.receipt_handle.as_deref().unwrap_or_default();
        if let Err(error) = self.queue.received(receipt).hide(pause).await {
            warn!(%error, "a callback comes again earlier than it should");
        }
    }

    async fn settle(&self, record: &SqsMessage) -> Outcome {
        let body = record.body.clone().unwrap_or_default();
        let message = match serde_json::from_str(&body) {
            Ok(message) => message,
            Err(cause) => {
                error!(%cause, message_id = record.message_id, "not a callback of ours");
                return settled(
                    self.dead_letters
                        .pass_text_on(body, record_id(record))
                        .await,
                );
            }
        };
        let attempt = Attempt::new(message, record);
        let wait_ms = attempt
            .message
            .refused
            .map(|refused| refused.due_ms - attempt.now_ms);
        match wait_ms.and_then(|ms| u64::try_from(ms).ok()) {
            Some(ms @ 1..) => Outcome::Later(Duration::from_millis(ms) + ROUND_UP),
            _ => self.attempt(attempt).await,
        }
    }

    async fn attempt(&self, attempt: Attempt) -> Outcome {
        let webhook = match self.webhook(&attempt.message).await {
            Ok(webhook) => webhook,
            Err(error) => {
                warn!(%error, "the callback settings could not be read");
                return Outcome::Later(OWN_PAUSE);
            }
        };
        let started = Instant::now();
        match self.sender.send(&webhook).await {
            Ok(()) => {
                attempt.log_delivered();
                Outcome::Settled
            }
            Err(WebhookError::OutOfDescriptors(cause)) => {
                warn!(%cause, "no descriptor left");
                Outcome::Later(OWN_PAUSE)
            }
            Err(error) => self.failed(attempt, &error, started.elapsed()).await,
        }
    }

    /// Signed where callbacks are signed now: the key lies in the table, not in the queue.
    async fn webhook(&self, message: &CallbackMessage) -> PortResult<Webhook> {
        let settings = self.settings.get(CallbackSettings::DEFAULT_APP).await?;
        let key = settings.as_ref().and_then(CallbackSettings::signing_key);
        Ok(Webhook {
            url: message.url.clone(),
            event_id: message.event_id.clone(),
            body: message.body.clone().into_bytes(),
            trust: UrlTrust::Client,
            signing_key: key.map(str::to_owned),
        })
    }

    async fn failed(&self, attempt: Attempt, error: &WebhookError, took: Duration) -> Outcome {
        let record_id = &attempt.record_id;
        if error.is_final() || is_over(attempt.first_ms, attempt.now_ms) {
            attempt.log_given_up(error);
            return settled(
                self.dead_letters
                    .pass_on(&attempt.afresh(), record_id)
                    .await,
            );
        }
        let pause = pause_after(attempt.number);
        attempt.log_failed(error, pause);
        match error {
            // It lives: its other events need not wait for this one.
            WebhookError::Status(_) if took <= SLOW => self.put_aside(&attempt, pause).await,
            // Its other events would hold up the function for as long each.
            _ => Outcome::Later(pause),
        }
    }

    async fn put_aside(&self, attempt: &Attempt, pause: Duration) -> Outcome {
        let refused = attempt.refused(pause);
        match self.queue.pass_on(&refused, &attempt.record_id).await {
            Ok(()) => Outcome::Settled,
            Err(error) => {
                warn!(%error, "a callback could not be sent anew; the one in hand comes again");
                Outcome::Later(pause)
            }
        }
    }
}

/// SQS counts whole seconds.
const ROUND_UP: Duration = Duration::from_millis(999);

/// What no other message has, and this one at each delivery.
fn record_id(record: &SqsMessage) -> &str {
    let id = record.message_id.as_deref();
    id.or(record.receipt_handle.as_deref()).unwrap_or_default()
}

/// Gone from the queue once it lies elsewhere.
fn settled(sent: PortResult<()>) -> Outcome {
    match sent {
        Ok(()) => Outcome::Settled,
        Err(error) => {
            warn!(%error, "a callback could not be sent to the dead-letter queue");
            Outcome::Later(OWN_PAUSE)
        }
    }
}

impl Attempt {
    fn new(message: CallbackMessage, record: &SqsMessage) -> Self {
        let number = |name: &str| record.attributes.get(name)?.parse::<i64>().ok();
        let now_ms = SystemClock.now_ms();
        let sent_ms = number("SentTimestamp").unwrap_or(now_ms);
        let receives = number("ApproximateReceiveCount").unwrap_or(1);
        let receives = u32::try_from(receives).unwrap_or(u32::MAX);
        Self {
            number: match message.refused {
                Some(refused) => receives.saturating_add(refused.times),
                None => receives,
            },
            first_ms: message.refused.map_or(sent_ms, |refused| refused.first_ms),
            message,
            record_id: record_id(record).to_owned(),
            now_ms,
        }
    }

    /// As it is put aside for its receiver.
    fn refused(&self, pause: Duration) -> CallbackMessage {
        let times = self.message.refused.map_or(0, |refused| refused.times);
        let pause_ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        CallbackMessage {
            refused: Some(Refused {
                times: times.saturating_add(1),
                first_ms: self.first_ms,
                due_ms: self.now_ms.saturating_add(pause_ms),
                pause_ms,
            }),
            ..self.message.clone()
        }
    }

    /// As it was published: whoever gives it back to the queue gives it another day.
    fn afresh(&self) -> CallbackMessage {
        CallbackMessage {
            refused: None,
            ..self.message.clone()
        }
    }

    fn log_delivered(&self) {
        let (event_id, attempt) = (&self.message.event_id, self.number);
        info!(
            event_id,
            url = self.url(),
            status = 200,
            attempt,
            "callback delivered"
        );
    }

    fn log_failed(&self, cause: &WebhookError, pause: Duration) {
        let (event_id, attempt) = (&self.message.event_id, self.number);
        let (url, pause_s) = (self.url(), pause.as_secs());
        info!(event_id, url, attempt, %cause, pause_s, "callback failed; retrying later");
    }

    fn log_given_up(&self, cause: &WebhookError) {
        let (event_id, attempt) = (&self.message.event_id, self.number);
        let reason = match cause.is_final() {
            true => "callback given up: it may not be sent to this URL",
            false => "callback given up after a day",
        };
        warn!(event_id, url = self.url(), attempt, %cause, "{reason}");
    }

    /// As a log may have it: the host, and no path or query.
    fn url(&self) -> String {
        RedactedReceiver(&self.message.url).to_string()
    }
}
