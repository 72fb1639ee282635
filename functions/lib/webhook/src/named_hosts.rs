//! A client that calls hosts which an operator named, and nothing else.
//!
//! At redirects neither, and the connection goes to the very address that was checked. What is read
//! through it, and whether that is believed, is the caller's business.

mod resolver;

use crate::destination::AllowedDestination;
use crate::download::{MAX_REDIRECTS, reading};
use resolver::NamedOnly;
use std::time::Duration;
use ureq::Agent;
use ureq::unversioned::transport::DefaultConnector;

/// For the body of one answer, which is a part of a file.
const PART_WITHIN: Duration = Duration::from_secs(300);
/// Kept for the next part. Who may be called never changes.
const IDLE_CONNECTIONS: usize = 8;

/// A client for parts of files on these hosts and networks. Its calls of others end with
/// [`ForbiddenUrl`](crate::ForbiddenUrl), as [`ureq::Error::Other`].
#[must_use]
pub fn named_hosts_client(named: Vec<AllowedDestination>) -> Agent {
    let config = reading(PART_WITHIN)
        .max_redirects(MAX_REDIRECTS)
        .max_redirects_will_error(true)
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), NamedOnly::new(named))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
