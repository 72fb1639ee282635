//! Downloads a file from a URL that a client of the API named.
//!
//! The same addresses are refused as for callbacks, at every redirect anew, and the connection goes
//! to the very address that was checked. What comes back is somebody's answer to us, so that how
//! large it is and how slowly it comes is bounded too.

use crate::destination::AllowedDestination;
use crate::error::ForbiddenUrl;
use crate::rate::{MinimumRate, RateDebt};
use crate::resolver::CheckedResolver;
use contract::redacted;
use std::io::{self, Read};
use std::time::{Duration, Instant};
use thiserror::Error;
use ureq::Agent;
use ureq::http::{HeaderMap, Response, header};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

/// The most redirects that are followed.
pub const MAX_REDIRECTS: u32 = 5;

/// For the connection, and for each read after that: a server that says nothing for so long has
/// gone.
const QUIET: Duration = Duration::from_secs(20);
/// For the headers of one answer.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// For the whole of one answer.
const BODY_WITHIN: Duration = Duration::from_secs(60 * 60);
/// For its bytes. Only time in which we wait for them counts: pauses of our own never make a server
/// slow.
const MIN_RATE: MinimumRate = MinimumRate::new(Duration::from_secs(30), 16 * 1024);

/// Why a URL gave no file.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The URL, or one that it redirects to, may not be called.
    #[error("{}", unaddressed(.0))]
    Forbidden(#[from] ForbiddenUrl),
    /// Another attempt will give no other answer.
    #[error("{0}")]
    Refused(String),
    /// Another attempt may succeed.
    #[error("{0}")]
    NoAnswer(String),
}

impl DownloadError {
    /// Whether another attempt cannot succeed.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::NoAnswer(_))
    }
}

/// Without the address: whoever named a host of ours would learn it.
fn unaddressed(forbidden: &ForbiddenUrl) -> String {
    match forbidden {
        ForbiddenUrl::Address { kind, .. } => {
            format!("it leads to an address that is not public ({kind}) and is not allowed")
        }
        ForbiddenUrl::Credentials => forbidden.to_string(),
    }
}

/// Downloads files. Clones share what is allowed.
#[derive(Debug, Clone)]
pub struct DownloadClient {
    agent: Agent,
}

impl DownloadClient {
    /// A client that calls public addresses and what is `allowed` besides.
    #[must_use]
    pub fn new(allowed: Vec<AllowedDestination>) -> Self {
        // A proxy would resolve names by itself, past the check. Redirects are followed here, so
        // that each is looked at. No connection is kept: each is to an address checked for it.
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .accept_encoding("identity")
            .user_agent("vod-snapshot")
            .timeout_resolve(Some(QUIET))
            .timeout_connect(Some(QUIET))
            .timeout_per_read(Some(QUIET))
            .timeout_recv_response(Some(HEADERS_WITHIN))
            .timeout_recv_body(Some(BODY_WITHIN))
            .build();
        let resolver = CheckedResolver {
            allowed,
            inner: DefaultResolver::default(),
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
        }
    }

    /// Calls `url`, follows its redirects, and gives what is at their end. Blocks.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub fn open(&self, url: &str) -> Result<Download, DownloadError> {
        let mut url = parse(url)?;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.agent.get(url.as_str()).call();
            let answer = answer.map_err(|error| failure(&url, error))?;
            match next(&url, &answer)? {
                Some(location) => url = location,
                None => return Download::of(answer),
            }
        }
        let reason = format!("more than {MAX_REDIRECTS} redirects");
        Err(DownloadError::Refused(reason))
    }
}

fn parse(url: &str) -> Result<Url, DownloadError> {
    let refused = |reason: &str| DownloadError::Refused(reason.to_owned());
    let url = Url::parse(url).map_err(|_| refused("the URL is malformed"))?;
    check(&url)?;
    Ok(url)
}

fn check(url: &Url) -> Result<(), DownloadError> {
    if !matches!(url.scheme(), "http" | "https") {
        let reason = format!("{}:// is neither http:// nor https://", url.scheme());
        return Err(DownloadError::Refused(reason));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ForbiddenUrl::Credentials.into());
    }
    Ok(())
}

/// Where an answer redirects to; none where it is the end.
fn next<B>(url: &Url, answer: &Response<B>) -> Result<Option<Url>, DownloadError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = text(answer.headers(), header::LOCATION.as_str());
    let refused = || DownloadError::Refused("a redirect to a malformed URL".to_owned());
    let next = url
        .join(location.ok_or_else(refused)?)
        .map_err(|_| refused())?;
    check(&next)?;
    Ok(Some(next))
}

/// An answer whose bytes are still to be read. An error while they are read may pass; one of kind
/// [`io::ErrorKind::UnexpectedEof`] says that fewer came than were announced.
pub struct Download {
    /// As announced.
    pub length_bytes: Option<u64>,
    body: Box<dyn Read + Send>,
    debt: RateDebt,
    read_bytes: u64,
}

impl Download {
    fn of(answer: Response<ureq::Body>) -> Result<Self, DownloadError> {
        check_status(answer.status().as_u16())?;
        let encoding = text(answer.headers(), header::CONTENT_ENCODING.as_str());
        if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("identity")) {
            let reason = "the file came compressed, which was not asked for";
            return Err(DownloadError::Refused(reason.to_owned()));
        }
        let declared = text(answer.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if declared.to_ascii_lowercase().starts_with("text/html") {
            let reason = "the URL gives a web page (text/html), not a file";
            return Err(DownloadError::Refused(reason.to_owned()));
        }
        let length = text(answer.headers(), header::CONTENT_LENGTH.as_str());
        Ok(Self {
            length_bytes: length.and_then(|text| text.parse().ok()),
            body: Box::new(answer.into_body().into_reader()),
            debt: RateDebt::default(),
            read_bytes: 0,
        })
    }
}

impl Read for Download {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let begun = Instant::now();
        let count = self.body.read(into)?;
        self.debt.waited(begun.elapsed());
        let is_slow = self.debt.exceeds(&MIN_RATE, Duration::ZERO);
        self.debt.moved(count, &MIN_RATE);
        self.read_bytes += count as u64;
        let is_short = |length: u64| count == 0 && !into.is_empty() && self.read_bytes < length;
        if self.length_bytes.is_some_and(is_short) {
            let reason = "fewer bytes came than were announced";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, reason));
        }
        if count > 0 && is_slow {
            let reason = "the bytes come too slowly";
            return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
        }
        Ok(count)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Download")
            .field("length_bytes", &self.length_bytes)
            .finish_non_exhaustive()
    }
}

fn check_status(status: u16) -> Result<(), DownloadError> {
    let answer = format!("the URL answers with status {status}");
    match status {
        200 => Ok(()),
        408 | 425 | 429 | 500.. => Err(DownloadError::NoAnswer(answer)),
        _ => Err(DownloadError::Refused(answer)),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn failure(url: &Url, error: ureq::Error) -> DownloadError {
    if let ureq::Error::Other(cause) = &error
        && let Some(forbidden) = cause.downcast_ref::<ForbiddenUrl>()
    {
        return DownloadError::Forbidden(forbidden.clone());
    }
    DownloadError::NoAnswer(redacted::about(url.as_str(), &error.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
