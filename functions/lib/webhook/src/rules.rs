//! Which addresses may be called for a client of the API.

use crate::address::non_public_kind;
use crate::destination::AllowedDestination;
use crate::error::ForbiddenUrl;
use std::net::SocketAddr;

/// Public addresses, and what an operator allowed besides.
#[derive(Debug, Clone, Default)]
pub struct AddressRules {
    allowed: Vec<AllowedDestination>,
}

impl AddressRules {
    /// Rules that allow these besides public addresses.
    #[must_use]
    pub fn new(allowed: Vec<AllowedDestination>) -> Self {
        Self { allowed }
    }

    /// That a URL with this `host` may be called at all of `addresses`, which its name was resolved
    /// to. Whoever calls it connects to one of these and resolves nothing again: the name may lead
    /// elsewhere by then. An IPv6 host is in brackets.
    ///
    /// # Errors
    /// One of them is forbidden. One is enough: a name with a public and a private address is an
    /// attack.
    pub fn check(
        &self,
        host: &str,
        addresses: impl IntoIterator<Item = SocketAddr>,
    ) -> Result<(), ForbiddenUrl> {
        let mut addresses = addresses.into_iter();
        match addresses.find_map(|address| self.forbidden(host, address)) {
            Some(forbidden) => Err(forbidden),
            None => Ok(()),
        }
    }

    fn forbidden(&self, host: &str, socket: SocketAddr) -> Option<ForbiddenUrl> {
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
