//! [`Events`] on SNS, and on the queue of callbacks. The message is exactly the event, its attributes
//! are for filter policies.

use crate::call_error::CallError;
use crate::callback_queue::CallbackQueue;
use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use service::model::{Event, SnapshotType};
use service::ports::{Events, PortError, PortResult};

const PORT: &str = "events";

const NO_CALLBACKS: &str = "this function has no queue of callbacks";

pub(crate) struct EventTopic {
    pub(crate) client: Client,
    pub(crate) arn: Option<String>,
    /// For the one URL that an event may name.
    pub(crate) callbacks: Option<CallbackQueue>,
}

#[async_trait]
impl Events for EventTopic {
    /// An event that was published before goes out again, with its EventId: SNS keeps none. To its
    /// callback it goes again if that was more than five minutes ago.
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let arn = self.arn.as_deref();
        let arn = arn.ok_or_else(|| PortError::refused(PORT, "this function has no topic"))?;
        let body =
            std::str::from_utf8(&event.body).map_err(|cause| PortError::refused(PORT, cause))?;
        // First to the queue, which forgets what it was sent again: what comes after may fail, and
        // then all of it is done again.
        if let Some(url) = &event.callback_url {
            let callbacks = self.callbacks.as_ref();
            let callbacks = callbacks.ok_or_else(|| PortError::refused(PORT, NO_CALLBACKS))?;
            callbacks.publish(event, url, body).await?;
        }
        let mut publish = self.client.publish().topic_arn(arn).message(body);
        for (name, text) in attributes(event, body) {
            // SNS takes no empty ones.
            if !text.is_empty() {
                publish = publish.message_attributes(name, value(&text)?);
            }
        }
        let sent = publish.send().await;
        sent.map(drop)
            .map_err(|cause| PortError::unavailable(PORT, CallError(cause)))
    }
}

/// In the words of the event itself.
fn attributes(event: &Event, body: &str) -> [(&'static str, String); 7] {
    let fields: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let sub_type = fields["SubType"].as_str().unwrap_or_default();
    let job_id = event.job_id.as_ref().map(ToString::to_string);
    let kind = event.snapshot_type.map(SnapshotType::name);
    [
        ("EventType", event.event_type.name().to_owned()),
        ("SubType", sub_type.to_owned()),
        ("VideoId", event.video_id.to_string()),
        ("Status", event.status.name().to_owned()),
        ("EventId", event.id.clone()),
        ("JobId", job_id.unwrap_or_default()),
        ("SnapshotType", kind.unwrap_or_default().to_owned()),
    ]
}

fn value(text: &str) -> PortResult<MessageAttributeValue> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(text)
        .build()
        .map_err(|cause| PortError::refused(PORT, cause))
}
