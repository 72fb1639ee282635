//! Calling URLs that clients of the API gave: only http and https, only the public internet and
//! what the operator allows, no redirects, no proxy, 5 seconds.

mod address;
mod allow;
mod network;
mod resolver;
pub(super) mod signing;

pub use allow::{CallbackAllow, NoException};
pub(super) use resolver::Refused;

use resolver::CheckedResolver;
use std::time::Duration;
use ureq::Agent;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

/// For one POST, name and answer included.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

/// A client that connects to the public internet and to what is `allowed`, nowhere else.
pub(super) fn client(allowed: Vec<CallbackAllow>) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A proxy would look names up by itself.
        .proxy(None);
    let resolver = CheckedResolver {
        allowed,
        inner: DefaultResolver::default(),
    };
    Agent::with_parts(config.build(), DefaultConnector::default(), resolver)
}

/// Why the URL may never be called, where that is what went wrong.
pub(super) fn refusal(error: &ureq::Error) -> Option<&Refused> {
    match error {
        ureq::Error::Other(cause) => cause.downcast_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
