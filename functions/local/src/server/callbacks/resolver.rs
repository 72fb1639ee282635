//! Names to addresses, and no further than to those that may be called.
//!
//! The check is where the connection takes its addresses from, so no way of writing a URL and
//! no change of a name between two look-ups gets around it.

use super::{CallbackAllow, address};
use std::net::SocketAddr;
use thiserror::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The URL leads where callbacks may not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(in crate::server) enum Refused {
    /// An address outside of the public internet.
    #[error("{address} is {why}; see --callback-allow")]
    Address {
        /// Which.
        address: std::net::IpAddr,
        /// What it is.
        why: &'static str,
    },
    /// A user name or password would be sent on.
    #[error("the URL has credentials")]
    Credentials,
}

#[derive(Debug)]
pub(super) struct CheckedResolver {
    pub(super) allowed: Vec<CallbackAllow>,
    pub(super) inner: DefaultResolver,
}

impl Resolver for CheckedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        // One wrong address is enough: a name that leads both ways means no good.
        let refused = addresses.iter().find_map(|found| self.check(uri, found));
        match refused {
            Some(refused) => Err(ureq::Error::Other(Box::new(refused))),
            None => Ok(addresses),
        }
    }
}

impl CheckedResolver {
    fn check(&self, uri: &Uri, found: &SocketAddr) -> Option<Refused> {
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Some(Refused::Credentials);
        }
        let host = uri.host().unwrap_or_default();
        let allowed = |exception: &CallbackAllow| {
            exception.names(host, found.port()) || exception.contains(found.ip())
        };
        if self.allowed.iter().any(allowed) {
            return None;
        }
        let address = found.ip();
        address::refusal(address).map(|why| Refused::Address { address, why })
    }
}
