//! Sends a callback by HTTP POST.

use crate::destination::AllowedDestination;
use crate::error::{ForbiddenUrl, WebhookError};
use crate::resolver::CheckedResolver;
use crate::rules::AddressRules;
use crate::webhook::{TIMEOUT, UrlTrust, Webhook};
use contract::redacted;
use rustix::io::Errno;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

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
        let mut request = agent.post(&webhook.url);
        for (name, value) in webhook.headers() {
            request = request.header(name, value);
        }
        let answer = request.send(&webhook.body[..]);
        let answer = answer.map_err(|error| failure(&webhook.url, error))?;
        Webhook::verdict(answer.status().as_u16())
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
