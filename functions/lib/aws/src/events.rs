//! [`Events`] on SNS: the message is exactly the event, its attributes are for filter policies.

use crate::call_error::CallError;
use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use service::model::Event;
use service::ports::{Events, PortError, PortResult};
use tracing::warn;

const PORT: &str = "events";

pub(crate) struct EventTopic {
    pub(crate) client: Client,
    pub(crate) arn: Option<String>,
}

#[async_trait]
impl Events for EventTopic {
    /// An event that was published before goes out again, with its EventId: SNS keeps none.
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let arn = self.arn.as_deref();
        let arn = arn.ok_or_else(|| PortError::refused(PORT, "this function has no topic"))?;
        let body =
            std::str::from_utf8(&event.body).map_err(|cause| PortError::refused(PORT, cause))?;
        if event.callback_url.is_some() {
            warn!(
                "callback URLs are not called on AWS; the event goes to the subscribers of the topic"
            );
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
fn attributes(event: &Event, body: &str) -> [(&'static str, String); 5] {
    let fields: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let sub_type = fields["SubType"].as_str().unwrap_or_default();
    [
        ("EventType", event.event_type.name().to_owned()),
        ("SubType", sub_type.to_owned()),
        ("VideoId", event.video_id.to_string()),
        ("Status", event.status.name().to_owned()),
        ("EventId", event.id.clone()),
    ]
}

fn value(text: &str) -> PortResult<MessageAttributeValue> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(text)
        .build()
        .map_err(|cause| PortError::refused(PORT, cause))
}
