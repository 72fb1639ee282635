//! The way to whom SetMessageCallback and UserData name: a FIFO queue of one message for each event
//! and receiver.
//!
//! One receiver's trouble is its own, by what SQS promises of message groups: "Messages within the
//! same message group are always processed one at a time", and those in flight "block delivery of
//! available messages within the same message group" and of no other. A group is a lane of one
//! receiver, so that a receiver has no more calls at a time than lanes, and waits for its own pauses
//! alone. A standard queue with groups (fair queues) mitigates such trouble, by thresholds that are
//! "approximate", and bounds nothing.
//!
//! An event that its receiver refused goes on in one of two further lanes, by how long it waits: it
//! holds up no event that its receiver would take. There is no lane for each pause, since one receiver
//! could then have as many calls at a time as there are pauses.

use crate::call_error::CallError;
use crate::queue::{MessageQueue, ReceivedMessage, trace};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::MessageSystemAttributeNameForSends::AwsTraceHeader;
use contract::redacted::RedactedReceiver;
use serde::{Deserialize, Serialize};
use service::model::{Event, UnixMs};
use service::ports::{PortError, PortResult};
use service::receiver::receiver;
use sha2::{Digest, Sha256};
use std::fmt::{self, Debug, Formatter};

const PORT: &str = "callbacks";

/// How many calls one receiver has at a time, of those that it has not refused. The bound of one
/// machine is four for those that are known to be quick, and one for all others.
const LANES: u8 = 2;

/// What is sent again after a longer pause than this holds up no event whose pauses are shorter.
const SHORT_PAUSE_MS: i64 = 5 * 60 * 1000;

/// One event for one receiver. Its Debug form has no secret of the URL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackMessage {
    /// Where to send it.
    pub url: String,
    /// The same at every attempt, so that a receiver can tell a repeat.
    pub event_id: String,
    /// Exactly what a receiver gets.
    pub body: String,
    /// None while it waits in the order in which events came to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

/// What its receiver answered, and did not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// How often.
    pub times: u32,
    /// When the event was published.
    pub first_ms: UnixMs,
    /// When it is sent again.
    pub due_ms: UnixMs,
    /// How long that was from when it was refused. Zero in what an earlier release put aside.
    #[serde(default)]
    pub pause_ms: i64,
}

impl CallbackMessage {
    /// Of the receiver, and of the events of its that wait in one order. SQS takes fewer letters than
    /// URLs have, and has no use for a host.
    fn group(&self) -> String {
        let receiver = &digest(&[&receiver(&self.url)])[..32];
        match self.refused {
            Some(refused) if refused.pause_ms > SHORT_PAUSE_MS => {
                format!("{receiver}-refused-long")
            }
            Some(_) => format!("{receiver}-refused-short"),
            None => {
                let [first, ..] = <[u8; 32]>::from(Sha256::digest(&self.event_id));
                format!("{receiver}-{}", first % LANES)
            }
        }
    }

    /// Whatever has this again within five minutes is the same message.
    fn deduplication_id(&self, source: Source<'_>) -> String {
        let (kind, record_id) = match source {
            Source::Publication => ("published", ""),
            Source::Record(id) => ("record", id),
        };
        digest(&[&self.event_id, &self.url, kind, record_id])
    }
}

/// What a message is made of.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    /// An event: it is published until it is recorded that it was.
    Publication,
    /// The message with this id. It may be delivered once more after its copy was sent. An event that
    /// is given back from the dead-letter queue is another message, whose copies are none of those
    /// that it had before.
    Record(&'a str),
}

impl Debug for CallbackMessage {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("CallbackMessage")
            .field("url", &RedactedReceiver(&self.url).to_string())
            .field("event_id", &self.event_id)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

/// A queue of callbacks, both ends.
#[derive(Debug, Clone)]
pub struct CallbackQueue {
    client: Client,
    url: String,
}

impl CallbackQueue {
    pub(crate) fn new(client: &Client, url: &str) -> Self {
        Self {
            client: client.clone(),
            url: url.to_owned(),
        }
    }

    /// Puts what becomes of the message with this id at the end of its lane. Once only, however often
    /// that one is delivered within five minutes.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn pass_on(&self, message: &CallbackMessage, record_id: &str) -> PortResult<()> {
        self.send(message, Source::Record(record_id)).await
    }

    /// Passes on whatever there is, such as what is no message of ours.
    ///
    /// # Errors
    /// The queue does not answer.
    pub async fn pass_text_on(&self, body: String, record_id: &str) -> PortResult<()> {
        let (group, id) = (digest(&[&body]), digest(&[&body, record_id]));
        self.put(body, group, id).await
    }

    /// An event, for the receiver that it names.
    pub(crate) async fn publish(&self, event: &Event, url: &str, body: &str) -> PortResult<()> {
        let message = CallbackMessage {
            url: url.to_owned(),
            event_id: event.id.clone(),
            body: body.to_owned(),
            refused: None,
        };
        self.send(&message, Source::Publication).await
    }

    async fn send(&self, message: &CallbackMessage, source: Source<'_>) -> PortResult<()> {
        let body =
            serde_json::to_string(message).map_err(|cause| PortError::refused(PORT, cause))?;
        let id = message.deduplication_id(source);
        self.put(body, message.group(), id).await
    }

    async fn put(&self, body: String, group: String, id: String) -> PortResult<()> {
        let mut send = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_group_id(group)
            .message_deduplication_id(id)
            .message_body(body);
        if let Some(trace) = trace()? {
            send = send.message_system_attributes(AwsTraceHeader, trace);
        }
        let sent = send.send().await;
        sent.map(drop)
            .map_err(|cause| PortError::unavailable(PORT, CallError(cause)))
    }

    /// The delivery with this receipt handle.
    #[must_use]
    pub fn received(&self, receipt: &str) -> ReceivedMessage {
        MessageQueue::new(&self.client, &self.url).received(receipt)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn message(url: &str, event_id: &str, pause_s: Option<i64>) -> CallbackMessage {
        let refused = |pause_s| Refused {
            times: 3,
            first_ms: 1,
            due_ms: 2,
            pause_ms: pause_s * 1000,
        };
        CallbackMessage {
            url: url.to_owned(),
            event_id: event_id.to_owned(),
            body: "{}".to_owned(),
            refused: pause_s.map(refused),
        }
    }

    #[test]
    fn a_receiver_has_few_lanes_and_shares_none() {
        let lanes = |host: &str, pauses_s: &[Option<i64>]| {
            let group = |id: u32, pause_s: Option<i64>| {
                let url = format!("http://{host}/{id}?token={id}");
                message(&url, &id.to_string(), pause_s).group()
            };
            let all = pauses_s
                .iter()
                .flat_map(|pause_s| (0..200).map(|id| (id, *pause_s)));
            let groups = all.map(|(id, pause_s)| group(id, pause_s));
            groups.collect::<BTreeSet<_>>()
        };
        let first = lanes("a.example.com", &[None]);
        assert_eq!(first.len(), usize::from(LANES));
        assert!(first.is_disjoint(&lanes("b.example.com", &[None])));
        // What it refused waits apart, by how long; there is one lane more for all pauses above.
        let short = lanes("a.example.com", &[0, 5, 160, 300].map(Some));
        let long = lanes("a.example.com", &[301, 640, 3600].map(Some));
        assert_eq!((short.len(), long.len()), (1, 1));
        assert!(short.is_disjoint(&long) && first.is_disjoint(&short) && first.is_disjoint(&long));
    }

    #[test]
    fn an_event_that_is_published_again_is_the_same_message() {
        let id = |url, event| message(url, event, None).deduplication_id(Source::Publication);
        assert_eq!(id("http://a/", "e"), id("http://a/", "e"));
        assert_ne!(id("http://a/", "e"), id("http://a/", "f"));
        assert_ne!(id("http://a/", "e"), id("http://b/", "e"));
    }

    #[test]
    fn what_a_message_becomes_is_told_by_the_message_and_not_by_the_event() {
        let id = |source| message("http://a/", "e", None).deduplication_id(source);
        assert_eq!(id(Source::Record("1")), id(Source::Record("1")));
        assert_ne!(id(Source::Record("1")), id(Source::Record("2")));
        assert_ne!(id(Source::Record("")), id(Source::Publication));
    }

    #[test]
    fn groups_and_ids_are_what_sqs_takes_and_say_nothing_of_the_url() {
        let url = format!("http://{}/SECRET \u{e9}", "h".repeat(240));
        let long = message(&url, &"x\u{4e2d}".repeat(500), Some(3600));
        let id = long.deduplication_id(Source::Record(&"\u{4e2d}".repeat(200)));
        for text in [long.group(), id] {
            assert!(text.len() <= 128, "{text}");
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
            assert!(!text.contains("hhh"), "{text}");
        }
        let shown = format!("{:?}", message("http://h/SECRET?SECRET", "e", Some(1)));
        assert!(!shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn a_message_is_read_as_it_was_written() {
        for pause_s in [None, Some(3)] {
            let message = message("http://a/", "e", pause_s);
            let text = serde_json::to_string(&message).unwrap();
            let read: CallbackMessage = serde_json::from_str(&text).unwrap();
            assert_eq!(read, message);
        }
        // As it lies in queues: never changed.
        let text = r#"{"url":"http://a/","event_id":"e","body":"{}"}"#;
        let read: CallbackMessage = serde_json::from_str(text).unwrap();
        assert_eq!(read, message("http://a/", "e", None));
        let text = r#"{"url":"http://a/","event_id":"e","body":"{}","refused":{"times":3,"first_ms":1,"due_ms":2}}"#;
        let read: CallbackMessage = serde_json::from_str(text).unwrap();
        assert_eq!(read, message("http://a/", "e", Some(0)));
    }
}
