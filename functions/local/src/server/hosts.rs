//! Who may call a server that asks for no key: programs of this machine, and no web page.
//!
//! A browser on this machine reaches a loopback address for any page that it shows. A page of
//! another site can send calls without reading the answers, which is enough to delete pictures;
//! and a name of the page's own that is made to lead to 127.0.0.1 (DNS rebinding) lets it read
//! them as well. The first is told by `Sec-Fetch-Site` and `Origin`, the second by `Host`.
//! Where calls are signed none of this matters: a page has no key.

use contract::error::ApiError;
use hyper::Version;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// A host, beside those of loopback, by which an open server may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost(String);

/// The text names no host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a host name or an IP address, without scheme and port, such as vod.example.com")]
pub struct NoHost;

impl FromStr for AllowedHost {
    type Err = NoHost;

    fn from_str(text: &str) -> Result<Self, NoHost> {
        // An address of IPv6 has brackets in a URL, which people leave out elsewhere.
        let bracketed = text.parse::<Ipv6Addr>().map(|_| format!("[{text}]"));
        let text = bracketed.unwrap_or_else(|_| text.to_owned());
        let authority: Authority = text.parse().map_err(|_| NoHost)?;
        let has_more = authority.host() != text || authority.host().is_empty();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        if has_more || !text.chars().all(is_name) {
            return Err(NoHost);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// By which hosts, and from which pages, the server may be called.
#[derive(Debug)]
pub(super) enum Hosts {
    /// Calls are signed: by any.
    Any,
    /// By loopback and by these.
    Loopback(Vec<AllowedHost>),
}

impl Hosts {
    /// Whether the request may be answered. One for a picture may come from any page: its URL
    /// can't be guessed, and players of other sites load it.
    pub(super) fn admit(&self, asked: &Parts, is_call: bool) -> Result<(), ApiError> {
        let Self::Loopback(allowed) = self else {
            return Ok(());
        };
        let host = host(asked).and_then(|host| match host {
            Some(host) if !is_allowed(&host, allowed) => Err(host.host().to_owned()),
            host => Ok(host),
        });
        let host = host.map_err(|named| foreign_host(&named))?;
        if is_call {
            of_this_site(&asked.headers, host.as_ref(), allowed)?;
        }
        Ok(())
    }
}

/// The host that was asked for. None where HTTP/1.0 leaves it out: no browser does.
fn host(asked: &Parts) -> Result<Option<Authority>, String> {
    let mut named: Vec<Authority> = asked.uri.authority().cloned().into_iter().collect();
    for value in asked.headers.get_all(HOST) {
        let text = String::from_utf8_lossy(value.as_bytes());
        named.push(text.parse().map_err(|_| text.into_owned())?);
    }
    match named.first() {
        None if asked.version == Version::HTTP_10 => Ok(None),
        None => Err(String::new()),
        // Two that differ: who is between us may go by the other.
        Some(first) => match named.iter().find(|other| *other != first) {
            Some(other) => Err(other.to_string()),
            None => Ok(named.pop()),
        },
    }
}

fn is_allowed(host: &Authority, allowed: &[AllowedHost]) -> bool {
    // Nothing but the name and a port: what stands behind a bracket is no part of its name.
    let rest = host.as_str().strip_prefix(host.host());
    if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) {
        return false;
    }
    let name = host.host().to_ascii_lowercase();
    is_loopback(&name) || allowed.iter().any(|AllowedHost(other)| *other == name)
}

fn is_loopback(name: &str) -> bool {
    let v6 = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let v6 = v6.and_then(|text| text.parse::<Ipv6Addr>().ok());
    let v4 = name.parse::<Ipv4Addr>().ok();
    name == "localhost"
        || v4.is_some_and(|address| address.is_loopback())
        || v6.is_some_and(|address| address.to_canonical().is_loopback())
}

/// Refuses what a browser sends for a page of another site.
fn of_this_site(
    headers: &HeaderMap,
    host: Option<&Authority>,
    allowed: &[AllowedHost],
) -> Result<(), ApiError> {
    for site in headers.get_all("sec-fetch-site") {
        if !matches!(site.as_bytes(), b"same-origin" | b"none") {
            return Err(foreign_page("another site"));
        }
    }
    for origin in headers.get_all(ORIGIN) {
        let text = String::from_utf8_lossy(origin.as_bytes());
        if !is_own(&text, host, allowed) {
            return Err(foreign_page(&text));
        }
    }
    Ok(())
}

/// Whether an origin is that of the host which is asked, or of a host that may ask: a tunnel
/// may have put our own host in the place of its own.
fn is_own(origin: &str, host: Option<&Authority>, allowed: &[AllowedHost]) -> bool {
    let (port, rest) = match origin.split_once("://") {
        Some(("http", rest)) => (80, rest),
        Some(("https", rest)) => (443, rest),
        _ => return false,
    };
    let Ok(origin) = rest.parse::<Authority>() else {
        return false;
    };
    let of_origin = origin.port_u16().unwrap_or(port);
    let is_asked = |host: &Authority| {
        let of_host = host.port_u16().unwrap_or(port);
        host.host().eq_ignore_ascii_case(origin.host()) && of_host == of_origin
    };
    let name = origin.host().to_ascii_lowercase();
    host.is_some_and(is_asked) || allowed.iter().any(|AllowedHost(other)| *other == name)
}

/// What is said of a name that anybody may have made up.
fn shown(name: &str) -> String {
    name.chars().take(100).collect()
}

fn foreign_host(named: &str) -> ApiError {
    let named = shown(named);
    ApiError::forbidden_because(&format!(
        "Unsigned calls are accepted for loopback hosts only, not for \"{named}\". \
         To accept them for another host, start the server with --allow-host HOST."
    ))
}

fn foreign_page(origin: &str) -> ApiError {
    let origin = shown(origin);
    ApiError::forbidden_because(&format!(
        "Unsigned calls are not accepted from a web page of {origin}. To accept them from \
         pages of another host that leads here, start the server with --allow-host HOST."
    ))
}

#[cfg(test)]
mod tests;
