//! Sends a callback by HTTP POST.

use crate::destination::AllowedDestination;
use crate::error::{ForbiddenUrl, WebhookError};
use crate::resolver::CheckedResolver;
use crate::rules::AddressRules;
use crate::signature::signature_headers;
use contract::redacted::{self, RedactedReceiver};
use rustix::io::Errno;
use std::fmt::{self, Debug, Formatter};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

/// How long one call may take, name resolution and answer included.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// Who named the URL of a callback, and so where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlTrust {
    /// The operator: it is called wherever it leads.
    Operator,
    /// A client of the API: only public addresses and allowed destinations are called.
    Client,
}

/// One callback to send. Its Debug form has no key and no secret of the URL.
#[derive(Clone)]
pub struct Webhook {
    /// Where to send it.
    pub url: String,
    /// The same at every attempt, so that a receiver can tell a repeat.
    pub event_id: String,
    /// JSON in UTF-8.
    pub body: Vec<u8>,
    /// Who named the URL.
    pub trust: UrlTrust,
    /// Signs this attempt; none: it is not signed.
    pub signing_key: Option<String>,
}

impl Debug for Webhook {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Webhook")
            .field("url", &RedactedReceiver(&self.url).to_string())
            .field("event_id", &self.event_id)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

/// Sends callbacks. Clones share their connections.
#[derive(Debug, Clone)]
pub struct WebhookClient {
    unchecked: Agent,
    checked: Agent,
}

impl WebhookClient {
    /// A client that calls public addresses and what is `allowed` besides.
    #[must_use]
    pub fn new(allowed: Vec<AllowedDestination>) -> Self {
        // A proxy would resolve names by itself, past the check.
        let checked = config().proxy(None).build();
        let resolver = CheckedResolver {
            rules: AddressRules::new(allowed),
            inner: DefaultResolver::default(),
        };
        Self {
            unchecked: config().build().into(),
            checked: Agent::with_parts(checked, DefaultConnector::default(), resolver),
        }
    }

    /// Sends one callback, and returns once the receiver has answered with 200. Blocks for at
    /// most [`TIMEOUT`].
    ///
    /// # Errors
    /// See [`WebhookError`].
    pub fn send(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let agent = match webhook.trust {
            UrlTrust::Operator => &self.unchecked,
            UrlTrust::Client => &self.checked,
        };
        let mut request = agent
            .post(&webhook.url)
            .header("content-type", "application/json;charset=utf-8")
            .header("x-vod-event-id", &webhook.event_id);
        if let Some(key) = &webhook.signing_key {
            for (name, value) in signature_headers(&webhook.url, now_s(), key, &webhook.body) {
                request = request.header(name, value);
            }
        }
        let answer = request.send(&webhook.body[..]);
        let answer = answer.map_err(|error| failure(&webhook.url, error))?;
        match answer.status().as_u16() {
            200 => Ok(()),
            status => Err(WebhookError::Status(status)),
        }
    }
}

/// A redirect is an answer like any other: it is not followed, and not taken for a success.
fn config() -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
}

fn failure(url: &str, error: ureq::Error) -> WebhookError {
    match error {
        ureq::Error::Io(cause) if is_out_of_descriptors(&cause) => {
            WebhookError::OutOfDescriptors(cause)
        }
        error => match forbidden(&error) {
            Some(forbidden) => WebhookError::Forbidden(forbidden.clone()),
            None => WebhookError::NoAnswer(redacted::about(url, &error.to_string())),
        },
    }
}

fn forbidden(error: &ureq::Error) -> Option<&ForbiddenUrl> {
    match error {
        ureq::Error::Other(cause) => cause.downcast_ref(),
        _ => None,
    }
}

fn is_out_of_descriptors(cause: &std::io::Error) -> bool {
    let errno = Errno::from_io_error(cause);
    matches!(errno, Some(Errno::MFILE | Errno::NFILE))
}

fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
