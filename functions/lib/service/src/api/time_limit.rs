//! An answer of the contract within a time, whatever happens behind it.

use super::Api;
use crate::deadline::CallDeadline;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
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
        let format = Format::of(&raw);
        let deadline = CallDeadline::after(time);
        let _waiting = deadline.refused_when_dropped();
        let (api, scope) = (self.clone(), deadline.clone());
        let mut work = tokio::spawn(scope.scope(async move {
            let _held = held;
            api.handle(raw).await
        }));
        let answer = match timeout(time, &mut work).await {
            Ok(answer) => answer,
            Err(_) if deadline.refuse() => {
                error!("the time is over");
                return self.unavailable(format);
            }
            // It was decided at the last moment; nothing is left but to say so.
            Err(_) => work.await,
        };
        answer.unwrap_or_else(|cause| {
            error!(%cause, "the handler failed");
            self.internal_error(format)
        })
    }
}
