//! Name resolution that gives only addresses that may be called.
//!
//! The check is where the connection takes its addresses from, so neither an unusual spelling of
//! an address nor a name that changes between two lookups gets around it.

use crate::address::non_public_kind;
use crate::destination::AllowedDestination;
use crate::error::ForbiddenUrl;
use std::net::SocketAddr;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

#[derive(Debug)]
pub(crate) struct CheckedResolver {
    pub(crate) allowed: Vec<AllowedDestination>,
    pub(crate) inner: DefaultResolver,
}

impl Resolver for CheckedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        // One forbidden address is enough: a name with a public and a private address is an attack.
        let forbidden = addresses
            .iter()
            .find_map(|address| self.check(uri, address));
        match forbidden {
            Some(forbidden) => Err(ureq::Error::Other(Box::new(forbidden))),
            None => Ok(addresses),
        }
    }
}

impl CheckedResolver {
    fn check(&self, uri: &Uri, socket: &SocketAddr) -> Option<ForbiddenUrl> {
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Some(ForbiddenUrl::Credentials);
        }
        let host = uri.host().unwrap_or_default();
        let address = socket.ip();
        let is_allowed = |destination: &AllowedDestination| {
            destination.matches_host(host, socket.port()) || destination.contains(address)
        };
        if self.allowed.iter().any(is_allowed) {
            return None;
        }
        non_public_kind(address).map(|kind| ForbiddenUrl::Address { address, kind })
    }
}
