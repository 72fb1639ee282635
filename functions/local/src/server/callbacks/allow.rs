//! What an operator lets callbacks reach beside the public internet.

use super::network::Network;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// One exception to the rule that callbacks lead to the public internet alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAllow(Exception);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Exception {
    /// A host by the name that URLs give it; with a port that one alone.
    Host { name: String, port: Option<u16> },
    /// Every host with an address in it.
    Network(Network),
}

/// The text is no exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give HOST, HOST:PORT or ADDRESS/BITS")]
pub struct NoException;

impl CallbackAllow {
    /// Whether a URL with this host and port may be called wherever its name leads.
    pub(super) fn names(&self, host: &str, port: u16) -> bool {
        match &self.0 {
            Exception::Host { name, port: only } => {
                name.eq_ignore_ascii_case(host) && only.is_none_or(|only| only == port)
            }
            Exception::Network(_) => false,
        }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match &self.0 {
            Exception::Host { .. } => false,
            Exception::Network(network) => network.contains(address.to_canonical()),
        }
    }
}

impl FromStr for CallbackAllow {
    type Err = NoException;

    /// `HOST`, `HOST:PORT` or `ADDRESS/BITS`; an IPv6 host in brackets, or bare without a port.
    fn from_str(text: &str) -> Result<Self, NoException> {
        if text.contains('/') {
            let network = text.parse().map_err(|()| NoException)?;
            return Ok(Self(Exception::Network(network)));
        }
        let (name, port) = split(text)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
        if name.is_empty() || !name.chars().all(plain) {
            return Err(NoException);
        }
        Ok(Self(Exception::Host { name, port }))
    }
}

fn split(text: &str) -> Result<(String, Option<u16>), NoException> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok((format!("[{text}]"), None));
    }
    match text.rsplit_once(':') {
        Some((name, port)) if !text.ends_with(']') => {
            let port = port.parse().map_err(|_| NoException)?;
            Ok((name.to_owned(), Some(port)))
        }
        _ => Ok((text.to_owned(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(text: &str) -> CallbackAllow {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_is_meant_by_its_name() {
        assert!(allow("hooks.internal").names("Hooks.Internal", 8080));
        assert!(!allow("hooks.internal").names("x.hooks.internal", 8080));
        assert!(!allow("hooks.internal").contains([10, 0, 0, 1].into()));
    }

    #[test]
    fn a_port_narrows_it() {
        let one = allow("127.0.0.1:9000");
        assert!(one.names("127.0.0.1", 9000));
        assert!(!one.names("127.0.0.1", 9001));
        assert!(allow("[::1]:9000").names("[::1]", 9000));
        assert!(allow("::1").names("[::1]", 80));
    }

    #[test]
    fn a_network_is_meant_by_its_addresses() {
        let ten = allow("10.1.0.0/16");
        assert!(ten.contains([10, 1, 255, 255].into()));
        assert!(ten.contains("::ffff:10.1.0.1".parse().unwrap()));
        assert!(!ten.contains([10, 2, 0, 0].into()));
        assert!(!ten.names("10.1.0.1", 80), "the address decides");
        assert!(allow("0.0.0.0/0").contains([127, 0, 0, 1].into()));
        assert!(allow("fd00::/8").contains("fd12::1".parse().unwrap()));
    }

    #[test]
    fn anything_else_is_refused_when_the_server_starts() {
        for text in [
            "",
            ":80",
            "host:port",
            "host:70000",
            "10.0.0.0/33",
            "http://host",
            "a b",
        ] {
            assert_eq!(text.parse::<CallbackAllow>(), Err(NoException), "{text:?}");
        }
    }
}
