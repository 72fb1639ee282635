//! The client of one machine.

use super::reason::call_reason;
use super::{BODY_WITHIN, Download, DownloadError, HEADERS_WITHIN, Hop, Hops, QUIET};
use crate::destination::AllowedDestination;
use crate::error::ForbiddenUrl;
use crate::resolver::CheckedResolver;
use crate::rules::AddressRules;
use contract::redacted;
use std::time::Duration;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

/// Downloads files. Clones share what is allowed.
#[derive(Debug, Clone)]
pub struct DownloadClient {
    agent: Agent,
}

impl DownloadClient {
    /// A client that calls public addresses and what is `allowed` besides.
    #[must_use]
    pub fn new(allowed: Vec<AllowedDestination>) -> Self {
        // No connection is kept: each is to an address checked for it.
        let config = reading(BODY_WITHIN).max_idle_connections(0).build();
        let resolver = CheckedResolver {
            rules: AddressRules::new(allowed),
            inner: DefaultResolver::default(),
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
        }
    }

    /// Calls `url`, follows its redirects, and gives what is at their end. Blocks.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub fn open(&self, url: &str) -> Result<Download, DownloadError> {
        let mut hops = Hops::to(url)?;
        loop {
            let answer = self.agent.get(hops.url().as_str()).call();
            let answer = answer.map_err(|error| failure(hops.url(), error))?;
            let status = answer.status().as_u16();
            if let Hop::End { length_bytes } = hops.follow(status, answer.headers())? {
                let body = answer.into_body().into_reader();
                return Ok(Download::new(length_bytes, Box::new(body)));
            }
        }
    }
}

/// For whoever reads files that others name.
pub(crate) fn reading(body_within: Duration) -> ConfigBuilder<AgentScope> {
    // A proxy would resolve names by itself, past the check. Redirects are followed by us, so that
    // each is looked at.
    Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .accept_encoding("identity")
        .user_agent("vod-snapshot")
        .timeout_resolve(Some(QUIET))
        .timeout_connect(Some(QUIET))
        .timeout_per_read(Some(QUIET))
        .timeout_recv_response(Some(HEADERS_WITHIN))
        .timeout_recv_body(Some(body_within))
}

fn failure(url: &Url, error: ureq::Error) -> DownloadError {
    if let ureq::Error::Other(cause) = &error
        && let Some(forbidden) = cause.downcast_ref::<ForbiddenUrl>()
    {
        return DownloadError::Forbidden(forbidden.clone());
    }
    DownloadError::NoAnswer(redacted::about(url.as_str(), &call_reason(&error)))
}
