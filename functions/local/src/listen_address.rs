//! Where to listen, as people write it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use thiserror::Error;

/// `ADDRESS:PORT`, `HOST:PORT` or `:PORT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListenAddress {
    /// None where only a port was given.
    host: Option<String>,
    port: u16,
}

/// The text is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "expected ADDRESS:PORT, HOST:PORT or :PORT, such as 127.0.0.1:8080, localhost:8080 or :8080"
)]
pub(crate) struct ParseListenError;

impl FromStr for ListenAddress {
    type Err = ParseListenError;

    fn from_str(text: &str) -> Result<Self, ParseListenError> {
        let (host, port) = text.rsplit_once(':').ok_or(ParseListenError)?;
        let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.parse().ok().filter(|_| is_number);
        let port = port.ok_or(ParseListenError)?;
        let is_address = text.parse::<SocketAddr>().is_ok();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if !is_address && !host.chars().all(is_of_name) {
            return Err(ParseListenError);
        }
        let host = (!host.is_empty()).then(|| host.to_owned());
        Ok(Self { host, port })
    }
}

impl ListenAddress {
    /// The address to listen on: of a name, its IPv4 address before others. A port alone means
    /// `alone`.
    ///
    /// # Errors
    /// The name has no address.
    pub(crate) fn resolve(&self, alone: IpAddr) -> io::Result<SocketAddr> {
        let Some(host) = &self.host else {
            return Ok(SocketAddr::new(alone, self.port));
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let mut addresses: Vec<SocketAddr> = (host, self.port).to_socket_addrs()?.collect();
        addresses.sort_by_key(|address| !address.is_ipv4());
        let first = addresses.first().copied();
        first.ok_or_else(|| io::Error::other("the name has no address"))
    }

    /// The address where only programs on this machine are served, or all are.
    pub(crate) fn resolve_for(&self, loopback_only: bool) -> io::Result<SocketAddr> {
        let alone = match loopback_only {
            true => Ipv4Addr::LOCALHOST,
            false => Ipv4Addr::UNSPECIFIED,
        };
        self.resolve(alone.into())
    }
}

impl std::fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}",
            self.host.as_deref().unwrap_or_default(),
            self.port
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_a_name_and_a_port_alone_say_where_to_listen() {
        let resolved = |text: &str, loopback_only| {
            let address: ListenAddress = text.parse().map_err(|error| format!("{error}"))?;
            let address = address.resolve_for(loopback_only);
            address.map(|at| at.to_string()).map_err(|e| e.to_string())
        };
        for (text, loopback_only, address) in [
            ("127.0.0.1:8080", false, "127.0.0.1:8080"),
            ("localhost:8080", false, "127.0.0.1:8080"),
            ("[::1]:80", true, "[::1]:80"),
            (":8080", true, "127.0.0.1:8080"),
            (":8080", false, "0.0.0.0:8080"),
        ] {
            assert_eq!(
                resolved(text, loopback_only).as_deref(),
                Ok(address),
                "{text}"
            );
        }
        for text in [
            "",
            "8080",
            "localhost",
            "a b:80",
            "::1:80",
            "host:+80",
            "host:70000",
            "http://x:80",
        ] {
            assert_eq!(
                text.parse::<ListenAddress>(),
                Err(ParseListenError),
                "{text}"
            );
        }
    }
}
