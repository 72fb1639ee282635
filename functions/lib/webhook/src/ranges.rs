//! Reads ranges of a file from a host that an operator named.
//!
//! Nothing but the named hosts and networks is called, at redirects neither, and the connection goes
//! to the very address that was checked. What comes back is somebody's answer to us: its length, its
//! range and its version are what was asked for, or it is an error.

mod answer;
mod file;
mod resolver;

pub use file::{FileFacts, RangeError};

use crate::destination::AllowedDestination;
use crate::download::{MAX_REDIRECTS, reading, text};
use crate::error::ForbiddenUrl;
use answer::checked;
use contract::redacted;
use http::header;
use resolver::NamedOnly;
use std::io::Read;
use std::time::Duration;
use ureq::Agent;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

/// For the body of one answer.
const RANGE_WITHIN: Duration = Duration::from_secs(300);
/// Kept for the next range. Who may be called never changes.
const IDLE_CONNECTIONS: usize = 8;

/// Reads ranges. Clones share their connections.
#[derive(Debug, Clone)]
pub struct RangeClient {
    agent: Agent,
}

impl RangeClient {
    /// A client that calls these hosts and networks, and nothing else.
    #[must_use]
    pub fn new(named: Vec<AllowedDestination>) -> Self {
        let config = reading(RANGE_WITHIN)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .build();
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), NamedOnly::new(named)),
        }
    }

    /// What the server says of the file at `url`. Blocks.
    ///
    /// # Errors
    /// See [`RangeError`]; a server that knows no ranges refuses.
    pub fn look(&self, url: &str) -> Result<FileFacts, RangeError> {
        let mut first = [0];
        self.range(url, 0, &mut first, None)
    }

    /// Fills `into` from `offset` on with bytes of this version of the file at `url`. Blocks.
    ///
    /// # Errors
    /// See [`RangeError`].
    pub fn read(
        &self,
        url: &str,
        facts: &FileFacts,
        offset: u64,
        into: &mut [u8],
    ) -> Result<(), RangeError> {
        if into.is_empty() {
            return Ok(());
        }
        match self.range(url, offset, into, facts.validator.as_deref())? == *facts {
            true => Ok(()),
            false => Err(RangeError::Changed),
        }
    }

    fn range(
        &self,
        url: &str,
        offset: u64,
        into: &mut [u8],
        validator: Option<&str>,
    ) -> Result<FileFacts, RangeError> {
        let range = format!("bytes={offset}-{}", offset + into.len() as u64 - 1);
        let mut url = callable(Url::parse(url).ok())?;
        for _ in 0..=MAX_REDIRECTS {
            let mut request = self.agent.get(url.as_str()).header(header::RANGE, &range);
            if let Some(validator) = validator {
                request = request.header(header::IF_RANGE, validator);
            }
            let answer = request.call().map_err(|error| failure(&url, &error))?;
            if answer.status().is_redirection() {
                let location = text(answer.headers(), &header::LOCATION);
                url = callable(location.and_then(|next| url.join(next).ok()))?;
                continue;
            }
            let wanted = (offset, into.len() as u64);
            let facts = checked(answer.status(), answer.headers(), wanted, validator)?;
            let mut body = answer.into_body().into_reader();
            let read = body.read_exact(into);
            let about = |cause: std::io::Error| redacted::about(url.as_str(), &cause.to_string());
            read.map_err(|cause| RangeError::NoAnswer(about(cause)))?;
            return Ok(facts);
        }
        let reason = format!("it redirects more than {MAX_REDIRECTS} times");
        Err(RangeError::Refused(reason))
    }
}

fn callable(url: Option<Url>) -> Result<Url, RangeError> {
    let url = url.ok_or_else(|| RangeError::Refused("the URL is malformed".to_owned()))?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    match matches!(url.scheme(), "http" | "https") && !has_user {
        true => Ok(url),
        false => Err(RangeError::NotNamed),
    }
}

fn failure(url: &Url, error: &ureq::Error) -> RangeError {
    if let ureq::Error::Other(cause) = error
        && cause.is::<ForbiddenUrl>()
    {
        return RangeError::NotNamed;
    }
    RangeError::NoAnswer(redacted::about(url.as_str(), &error.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
