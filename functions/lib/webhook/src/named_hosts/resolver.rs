//! Name resolution for hosts that were named, and for no others.

use crate::destination::AllowedDestination;
use crate::error::ForbiddenUrl;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

#[derive(Debug)]
pub(super) struct NamedOnly {
    named: Vec<AllowedDestination>,
    inner: DefaultResolver,
}

impl NamedOnly {
    pub(super) fn new(named: Vec<AllowedDestination>) -> Self {
        Self {
            named,
            inner: DefaultResolver::default(),
        }
    }
}

impl Resolver for NamedOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let forbidden = || ureq::Error::Other(Box::new(ForbiddenUrl::Malformed));
        let default_port = match uri.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(forbidden()),
        };
        // No redirect makes us sign in somewhere.
        let has_user = uri
            .authority()
            .is_some_and(|place| place.as_str().contains('@'));
        if has_user {
            return Err(ureq::Error::Other(Box::new(ForbiddenUrl::Credentials)));
        }
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(default_port);
        let mut named = self.named.iter();
        let is_named = named.any(|destination| destination.matches_host(host, port));
        // Of a host that is not named, nobody is asked where it is, unless there is a network to
        // find it in.
        if !is_named && !self.named.iter().any(AllowedDestination::is_network) {
            return Err(forbidden());
        }
        let addresses = self.inner.resolve(uri, config, timeout)?;
        let contains = |socket: &std::net::SocketAddr| {
            let mut named = self.named.iter();
            named.any(|destination| destination.contains(socket.ip()))
        };
        match is_named || addresses.iter().all(contains) {
            true => Ok(addresses),
            false => Err(forbidden()),
        }
    }
}
