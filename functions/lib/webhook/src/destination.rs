//! What an operator lets callbacks reach besides public addresses.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// A destination that callbacks may reach although its address is not public.
///
/// ```
/// use webhook::AllowedDestination;
///
/// for text in ["hooks.internal", "127.0.0.1:9000", "[::1]:9000", "10.1.0.0/16"] {
///     assert!(text.parse::<AllowedDestination>().is_ok());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedDestination(HostOrNetwork);

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostOrNetwork {
    /// A host as the URL spells it. With a port, only that port.
    Host { name: String, port: Option<u16> },
    /// Every host with an address in the network.
    Network(IpNet),
}

/// The text is not a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected HOST, HOST:PORT or ADDRESS/BITS, such as hooks.internal:8080 or 10.1.0.0/16")]
pub struct ParseDestinationError;

impl AllowedDestination {
    /// Whether a URL with this host and port may be called, whatever its address is.
    pub(crate) fn matches_host(&self, host: &str, port: u16) -> bool {
        match &self.0 {
            HostOrNetwork::Host {
                name,
                port: allowed,
            } => name.eq_ignore_ascii_case(host) && allowed.is_none_or(|allowed| allowed == port),
            HostOrNetwork::Network(_) => false,
        }
    }

    /// Whether it is a network, and not a host by its name.
    #[cfg(feature = "client")]
    pub(crate) fn is_network(&self) -> bool {
        matches!(self.0, HostOrNetwork::Network(_))
    }

    /// Whether every host at this address may be called.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match &self.0 {
            HostOrNetwork::Host { .. } => false,
            HostOrNetwork::Network(network) => network.contains(&address.to_canonical()),
        }
    }
}

impl FromStr for AllowedDestination {
    type Err = ParseDestinationError;

    /// `HOST`, `HOST:PORT` or `ADDRESS/BITS`; an IPv6 host in brackets, or bare without a port.
    fn from_str(text: &str) -> Result<Self, ParseDestinationError> {
        if let Some((address, bits)) = text.split_once('/') {
            return Ok(Self(HostOrNetwork::Network(network(address, bits)?)));
        }
        let (name, port) = host_and_port(text)?;
        let is_of_host = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
        if name.is_empty() || !name.chars().all(is_of_host) {
            return Err(ParseDestinationError);
        }
        Ok(Self(HostOrNetwork::Host { name, port }))
    }
}

/// Not by ipnet's own parser: it reads `010.0.0.0` as 10.0.0.0, and other programs as 8.0.0.0.
fn network(address: &str, bits: &str) -> Result<IpNet, ParseDestinationError> {
    let address: IpAddr = address.parse().map_err(|_| ParseDestinationError)?;
    let bits = bits.parse().map_err(|_| ParseDestinationError)?;
    IpNet::new(address, bits).map_err(|_| ParseDestinationError)
}

fn host_and_port(text: &str) -> Result<(String, Option<u16>), ParseDestinationError> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok((format!("[{text}]"), None));
    }
    match text.rsplit_once(':') {
        Some((name, port)) if !text.ends_with(']') => {
            let port = port.parse().map_err(|_| ParseDestinationError)?;
            Ok((name.to_owned(), Some(port)))
        }
        _ => Ok((text.to_owned(), None)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn allow(text: &str) -> AllowedDestination {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_is_matched_by_its_name() {
        assert!(allow("hooks.internal").matches_host("Hooks.Internal", 8080));
        assert!(!allow("hooks.internal").matches_host("x.hooks.internal", 8080));
        assert!(!allow("hooks.internal").contains([10, 0, 0, 1].into()));
    }

    #[test]
    fn a_port_allows_only_that_port() {
        let one = allow("127.0.0.1:9000");
        assert!(one.matches_host("127.0.0.1", 9000));
        assert!(!one.matches_host("127.0.0.1", 9001));
        assert!(allow("[::1]:9000").matches_host("[::1]", 9000));
        assert!(allow("::1").matches_host("[::1]", 80));
    }

    #[test]
    fn a_network_is_matched_by_address() {
        let ten = allow("10.1.0.0/16");
        assert!(ten.contains([10, 1, 255, 255].into()));
        assert!(ten.contains("::ffff:10.1.0.1".parse().unwrap()));
        assert!(!ten.contains([10, 2, 0, 0].into()));
        assert!(!ten.matches_host("10.1.0.1", 80), "the address decides");
        assert!(allow("0.0.0.0/0").contains([127, 0, 0, 1].into()));
        assert!(allow("fd00::/8").contains("fd12::1".parse().unwrap()));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ":80",
            "host:port",
            "host:70000",
            "10.0.0.0/33",
            "010.0.0.0/8",
            "10.0.0/8",
            "fd00::/129",
            "http://host",
            "a b",
        ] {
            assert_eq!(
                text.parse::<AllowedDestination>(),
                Err(ParseDestinationError),
                "{text:?}"
            );
        }
    }
}
