//! What is said of every call: one line in the log, and a word to whoever counts calls.

use contract::action::Action;
use contract::id::RequestId;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use std::time::{Duration, Instant};
use tracing::{Span, info_span};

/// A call that has been answered, for those who count.
#[derive(Debug, Clone, Copy)]
pub struct AnsweredCall<'a> {
    /// None for a name that is no action: clients can make up any number of them.
    pub action: Option<Action>,
    /// Code of the error, else `OK`.
    pub code: &'a str,
    /// HTTP status.
    pub status: u16,
    /// From the whole request to the whole answer.
    pub took: Duration,
}

/// Is told of every call that was answered, refused ones too.
pub trait CallObserver: Send + Sync {
    /// Must not block: the caller waits for its answer.
    fn answered(&self, call: &AnsweredCall<'_>);
}

/// A call that is being answered.
#[derive(Debug, Clone)]
pub(super) struct OpenCall {
    pub(super) request_id: RequestId,
    pub(super) span: Span,
    pub(super) format: Format,
    pub(super) action: String,
    pub(super) access_key_id: String,
    pub(super) client: String,
    pub(super) begun: Instant,
}

/// What became of a call.
pub(super) struct CallEnd {
    pub(super) answer: Answer,
    /// Of the refusal; none for a success.
    pub(super) code: Option<String>,
}

impl OpenCall {
    pub(super) fn of(raw: &RawRequest) -> Self {
        let request_id = RequestId::random();
        Self {
            span: info_span!("request", %request_id),
            request_id,
            format: Format::of(raw),
            action: raw.claimed_action(),
            access_key_id: raw.claimed_access_key_id(),
            client: raw.client().unwrap_or_default().to_owned(),
            begun: Instant::now(),
        }
    }
}
