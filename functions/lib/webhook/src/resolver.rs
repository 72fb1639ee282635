//! Name resolution that gives only addresses that may be called.
//!
//! The check is where the connection takes its addresses from, so neither an unusual spelling of
//! an address nor a name that changes between two lookups gets around it.

use crate::error::ForbiddenUrl;
use crate::rules::AddressRules;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

#[derive(Debug)]
pub(crate) struct CheckedResolver {
    pub(crate) rules: AddressRules,
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
        match self.check(uri, &addresses) {
            Err(forbidden) => Err(ureq::Error::Other(Box::new(forbidden))),
            Ok(()) => Ok(addresses),
        }
    }
}

impl CheckedResolver {
    fn check(&self, uri: &Uri, addresses: &ResolvedSocketAddrs) -> Result<(), ForbiddenUrl> {
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Err(ForbiddenUrl::Credentials);
        }
        let host = uri.host().unwrap_or_default();
        self.rules.check(host, addresses.iter().copied())
    }
}
