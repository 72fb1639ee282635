//! One delivery of a message.

use crate::model::UnixMs;
use std::time::Duration;

/// Which delivery of a message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryAttempt {
    /// From 1. It decides how long the next pause is, and nothing else: a queue can't know why an
    /// earlier delivery did not come to its end.
    pub number: u32,
    /// When the message was sent.
    pub sent_ms: UnixMs,
}

/// What the queue is to do with the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Nothing is left to do: delete it.
    Done,
    /// Deliver it again, not before this time has passed.
    Retry(Duration),
    /// Nobody works on it any more: it belongs to no job, or what is stored of its job can't be
    /// read. Whoever can lets a person see it.
    GivenUp,
    /// It was stopped, and what is done is kept: deliver it again at once, to whoever has time.
    GivenBack,
}
