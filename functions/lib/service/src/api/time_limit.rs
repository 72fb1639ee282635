//! An answer of the contract within a time, whatever happens behind it.

use super::Api;
use super::call_log::OpenCall;
use crate::deadline::CallDeadline;
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::Answer;
use std::time::Duration;
use tokio::time::timeout;
use tracing::error;

impl Api {
    /// Answers a request within `time`: a panic or a stall inside is still an answer of the
    /// contract.
    ///
    /// What the handler has not written by then it does not write, and a job that was not
    /// accepted by then never runs ([`CallDeadline`]). That the caller hung up counts as the end
    /// of the time. `held` is dropped with the handler, which may outlive the answer: what bounds
    /// the memory of requests counts this one for as long as it is in use.
    pub async fn handle_within(
        &self,
        raw: RawRequest,
        time: Duration,
        held: impl Send + 'static,
    ) -> Answer {
        if raw.method == "OPTIONS" {
            return self.preflight();
        }
        let call = OpenCall::of(&raw);
        let deadline = CallDeadline::after(time);
        let _waiting = deadline.refused_when_dropped();
        let (api, scope, of) = (self.clone(), deadline.clone(), call.clone());
        let mut work = tokio::spawn(scope.scope(async move {
            let _held = held;
            api.run(raw, &of).await
        }));
        let end = match timeout(time, &mut work).await {
            Ok(end) => end,
            Err(_) if deadline.refuse() => {
                call.span.in_scope(|| error!("the time is over"));
                Ok(self.refusal(&ApiError::unavailable(), &call))
            }
            // It was decided at the last moment; nothing is left but to say so.
            Err(_) => work.await,
        };
        let end = end.unwrap_or_else(|cause| {
            call.span.in_scope(|| error!(%cause, "the handler failed"));
            self.refusal(&ApiError::internal(), &call)
        });
        self.close(&call, end)
    }
}
