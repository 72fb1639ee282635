//! Which requests a server without authentication accepts: those of programs on this machine, and
//! none of a foreign web page.
//!
//! A browser on this machine connects to a loopback address for any page that it shows. A page of
//! another site can send calls without reading the answers, which is enough to delete pictures
//! (cross-site request forgery). If the page's own host name resolves to 127.0.0.1 (DNS
//! rebinding), it can read the answers as well. `Sec-Fetch-Site` and `Origin` reveal the first,
//! `Host` the second. Signed calls need no such check: a page has no access key.

use contract::error::ApiError;
use hyper::Version;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// A host name, besides loopback ones, under which a server without authentication may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost(String);

/// The text is not a host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a host name or an IP address without scheme and port, such as vod.example.com")]
pub struct ParseHostError;

impl FromStr for AllowedHost {
    type Err = ParseHostError;

    fn from_str(text: &str) -> Result<Self, ParseHostError> {
        // An IPv6 address has brackets in a URL; elsewhere people leave them out.
        let bracketed = text.parse::<Ipv6Addr>().map(|_| format!("[{text}]"));
        let text = bracketed.unwrap_or_else(|_| text.to_owned());
        let authority: Authority = text.parse().map_err(|_| ParseHostError)?;
        let has_more = authority.host() != text || authority.host().is_empty();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        if has_more || !text.chars().all(is_name) {
            return Err(ParseHostError);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// Under which hosts, and from which pages, the server may be called.
#[derive(Debug)]
pub(super) enum HostPolicy {
    /// Any: calls are signed.
    Any,
    /// Loopback hosts and these.
    Loopback(Vec<AllowedHost>),
}

impl HostPolicy {
    /// Refuses a request that may not be answered. Objects may be requested from any page: their
    /// URLs cannot be guessed, and players of other sites load them.
    pub(super) fn check(&self, request: &Parts, is_api_call: bool) -> Result<(), ApiError> {
        let Self::Loopback(allowed) = self else {
            return Ok(());
        };
        let host = requested_host(request).and_then(|host| match host {
            Some(host) if !is_allowed(&host, allowed) => Err(host.host().to_owned()),
            host => Ok(host),
        });
        let host = host.map_err(|named| foreign_host(&named))?;
        if is_api_call {
            check_page(&request.headers, host.as_ref(), allowed)?;
        }
        Ok(())
    }
}

impl HostPolicy {
    /// Refuses what a browser sends to the console on behalf of a page of another site, whether or
    /// not calls are signed. `public_url` is where the page itself may have been loaded from, whatever
    /// host a proxy names.
    pub(super) fn check_console(&self, request: &Parts, public_url: &str) -> Result<(), ApiError> {
        self.check(request, true)?;
        let host = requested_host(request).map_err(|named| foreign_host(&named))?;
        let public = public_url.parse::<hyper::Uri>().ok();
        let public = public.and_then(|url| url.host().map(str::to_ascii_lowercase));
        // Of this machine, other ports are other people's.
        let public = public.filter(|host| !is_loopback(host));
        let mut allowed: Vec<_> = public.into_iter().map(AllowedHost).collect();
        if let Self::Loopback(more) = self {
            allowed.extend(more.iter().cloned());
        }
        check_page(&request.headers, host.as_ref(), &allowed)
    }

    /// Refuses what no program on its own sends: requests for a host that is not allowed, of a web
    /// page of another site, or passed on by a proxy for somebody else.
    pub(super) fn check_program(&self, request: &Parts) -> Result<(), ApiError> {
        self.check(request, true)?;
        check_page(&request.headers, None, &[])?;
        let is_forwarded = |name| request.headers.contains_key(name);
        match self {
            Self::Loopback(_) if FORWARDED.into_iter().any(is_forwarded) => {
                Err(ApiError::forbidden())
            }
            Self::Any | Self::Loopback(_) => Ok(()),
        }
    }
}

/// What proxies say of the client they call for.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// The host that the request names. None where HTTP/1.0 leaves it out, which no browser does.
fn requested_host(request: &Parts) -> Result<Option<Authority>, String> {
    let mut named: Vec<Authority> = request.uri.authority().cloned().into_iter().collect();
    for value in request.headers.get_all(HOST) {
        let text = String::from_utf8_lossy(value.as_bytes());
        named.push(text.parse().map_err(|_| text.into_owned())?);
    }
    match named.first() {
        None if request.version == Version::HTTP_10 => Ok(None),
        None => Err(String::new()),
        // Two hosts that differ: a proxy between the client and us may have checked the other.
        Some(first) => match named.iter().find(|other| *other != first) {
            Some(other) => Err(other.to_string()),
            None => Ok(named.pop()),
        },
    }
}

fn is_allowed(host: &Authority, allowed: &[AllowedHost]) -> bool {
    // Only a name and a port. `[::1].evil.com` has the host `[::1]`, and more behind it.
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

/// Refuses what a browser sends on behalf of a page of another site.
fn check_page(
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
        if !is_allowed_origin(&text, host, allowed) {
            return Err(foreign_page(&text));
        }
    }
    Ok(())
}

/// Whether an origin is the requested host itself, or an allowed host: a tunnel may have replaced
/// the requested host by our own.
fn is_allowed_origin(origin: &str, host: Option<&Authority>, allowed: &[AllowedHost]) -> bool {
    let (port, rest) = match origin.split_once("://") {
        Some(("http", rest)) => (80, rest),
        Some(("https", rest)) => (443, rest),
        _ => return false,
    };
    let Ok(origin) = rest.parse::<Authority>() else {
        return false;
    };
    let origin_port = origin.port_u16().unwrap_or(port);
    let is_requested = |host: &Authority| {
        let host_port = host.port_u16().unwrap_or(port);
        host.host().eq_ignore_ascii_case(origin.host()) && host_port == origin_port
    };
    let name = origin.host().to_ascii_lowercase();
    host.is_some_and(is_requested) || allowed.iter().any(|AllowedHost(other)| *other == name)
}

/// The start of a text that a client made up, for an error message.
fn truncated(name: &str) -> String {
    name.chars().take(100).collect()
}

fn foreign_host(named: &str) -> ApiError {
    let named = truncated(named);
    ApiError::forbidden_because(&format!(
        "Unsigned calls are accepted for loopback hosts only, not for \"{named}\". \
         To accept them for another host, start the server with --allow-host HOST."
    ))
}

fn foreign_page(origin: &str) -> ApiError {
    let origin = truncated(origin);
    ApiError::forbidden_because(&format!(
        "Unsigned calls are not accepted from a web page of {origin}. To accept them from \
         pages of another host that leads here, start the server with --allow-host HOST."
    ))
}

#[cfg(test)]
mod tests;
