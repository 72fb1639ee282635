//! The end of a call: its one line in the log, and the word to whoever counts.

use super::Api;
use super::call_log::{AnsweredCall, CallEnd, OpenCall};
use contract::action::Action;
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::Answer;
use tracing::info;

/// The code of a call that was not refused.
const OK: &str = "OK";

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
