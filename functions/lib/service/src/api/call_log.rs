//! What is said of every call: one line in the log, and a word to whoever counts calls.

use super::Api;
use contract::action::Action;
use contract::error::ApiError;
use contract::id::RequestId;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use std::time::{Duration, Instant};
use tracing::{Span, info, info_span};

/// The code of a call that was not refused.
const OK: &str = "OK";

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
    action: String,
    access_key_id: String,
    client: String,
    begun: Instant,
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

impl Api {
    /// Writes the one line of a call, and gives its answer.
    pub(super) fn close(&self, call: &OpenCall, end: CallEnd) -> Answer {
        let CallEnd { answer, code } = end;
        let (took, status) = (call.begun.elapsed(), answer.status);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (action, client) = (said(&call.action), said(&call.client));
        let access_key_id = said(&call.access_key_id);
        let (action, client) = (action.as_deref(), client.as_deref());
        let (access_key_id, code) = (access_key_id.as_deref(), code.as_deref());
        call.span
            .in_scope(|| info!(action, access_key_id, client, status, code, ms, "answered"));
        if let Some(observer) = &self.observer {
            observer.answered(&AnsweredCall {
                action: Action::named(&call.action),
                code: code.unwrap_or(OK),
                status,
                took,
            });
        }
        answer
    }

    /// The answer to a call that its transport refuses before it is read, on the call's own line of
    /// the log.
    #[must_use]
    pub fn refuse_call(&self, raw: &RawRequest, error: &ApiError) -> Answer {
        let call = OpenCall::of(raw);
        let end = self.refusal(error, &call);
        self.close(&call, end)
    }

    pub(super) fn refusal(&self, error: &ApiError, call: &OpenCall) -> CallEnd {
        let actions_url = self.settings.own_actions_url();
        let (format, request_id) = (call.format, &call.request_id);
        CallEnd {
            answer: self.render_refusal(error.clone(), actions_url, format, request_id),
            code: Some(error.code().to_owned()),
        }
    }
}
