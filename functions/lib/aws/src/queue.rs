//! [`Queue`] on SQS, and what a worker does with the messages it was handed.

use crate::call_error::CallError;
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    MessageSystemAttributeNameForSends::AwsTraceHeader, MessageSystemAttributeValue,
};
use service::model::Message;
use service::ports::{PortError, PortResult, Queue};
use std::time::Duration;

const PORT: &str = "queue";

/// The longest that SQS hides a message.
const LONGEST_HIDDEN: Duration = Duration::from_secs(12 * 60 * 60);

/// The longest that SQS keeps a new message back.
const LONGEST_DELAY: Duration = Duration::from_secs(15 * 60);

/// How long work that nobody waits for is kept back.
const UNWATCHED_DELAY: Duration = Duration::from_secs(60);

/// Where the runtime puts the trace of the call in hand.
const TRACE: &str = "_X_AMZN_TRACE_ID";

/// The way to the workers.
#[derive(Debug, Clone)]
pub struct MessageQueue {
    client: Client,
    url: String,
}

/// Stands for one delivery of a message.
#[derive(Debug, Clone)]
pub struct ReceivedMessage {
    queue: MessageQueue,
    receipt: String,
}

#[async_trait]
impl Queue for MessageQueue {
    /// The trace goes with the message, so that the worker's part is seen as one with ours.
    async fn send(&self, message: &Message) -> PortResult<()> {
        // SQS knows no order: what nobody waits for leaves others time to be begun first.
        let pause = match message {
            Message::Covers { .. } => UNWATCHED_DELAY,
            _ => Duration::ZERO,
        };
        self.send_after(message, pause).await
    }
}

/// Parts of one job wait for each other and not before other jobs: SQS delivers what is of no group, or
/// of one that has little in hand, before what is of one that has much.
fn group(message: &Message) -> Option<&str> {
    match message {
        Message::Part { job_id, .. } => Some(job_id.as_str()),
        _ => None,
    }
}

impl MessageQueue {
    pub(crate) fn new(client: &Client, url: &str) -> Self {
        Self {
            client: client.clone(),
            url: url.to_owned(),
        }
    }

    /// Sends a message that nobody gets before this time has passed.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn send_after(&self, message: &Message, pause: Duration) -> PortResult<()> {
        let body =
            serde_json::to_string(message).map_err(|cause| PortError::refused(PORT, cause))?;
        self.send_of_group(body, group(message), pause).await
    }

    /// Sends whatever there is, such as what is no message of ours.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn send_text(&self, body: String, pause: Duration) -> PortResult<()> {
        self.send_of_group(body, None, pause).await
    }

    async fn send_of_group(
        &self,
        body: String,
        group: Option<&str>,
        pause: Duration,
    ) -> PortResult<()> {
        let seconds = pause.min(LONGEST_DELAY).as_secs();
        let mut send = self
            .client
            .send_message()
            .queue_url(&self.url)
            .set_message_group_id(group.map(str::to_owned))
            .delay_seconds(i32::try_from(seconds).unwrap_or_default())
            .message_body(body);
        if let Some(trace) = trace()? {
            send = send.message_system_attributes(AwsTraceHeader, trace);
        }
        send.send().await.map(drop).map_err(call_failed)
    }

    /// The delivery with this receipt handle.
    #[must_use]
    pub fn received(&self, receipt: &str) -> ReceivedMessage {
        ReceivedMessage {
            queue: self.clone(),
            receipt: receipt.to_owned(),
        }
    }
}

impl ReceivedMessage {
    /// Keeps the message from other workers for so long from now; zero: they may have it.
    ///
    /// # Errors
    /// The queue does not answer, or the delivery is over.
    pub async fn hide(&self, time: Duration) -> PortResult<()> {
        let seconds = time.min(LONGEST_HIDDEN).as_secs();
        self.queue
            .client
            .change_message_visibility()
            .queue_url(&self.queue.url)
            .receipt_handle(&self.receipt)
            .visibility_timeout(i32::try_from(seconds).unwrap_or(i32::MAX))
            .send()
            .await
            .map(drop)
            .map_err(call_failed)
    }
}

/// The trace of the call in hand; none where nobody traces.
pub(crate) fn trace() -> PortResult<Option<MessageSystemAttributeValue>> {
    let header = std::env::var(TRACE).ok().filter(|text| !text.is_empty());
    let value = header.map(|header| {
        MessageSystemAttributeValue::builder()
            .data_type("String")
            .string_value(header)
            .build()
            .map_err(|cause| PortError::refused(PORT, cause))
    });
    value.transpose()
}

fn call_failed(cause: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::unavailable(PORT, CallError(cause))
}
