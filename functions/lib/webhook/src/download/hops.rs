//! The way to a file: a URL, and those that its answers lead on to.

use super::DownloadError;
use crate::error::ForbiddenUrl;
use http::{HeaderMap, header};
use url::Url;

/// The most redirects that are followed.
pub const MAX_REDIRECTS: u32 = 5;

/// A way to a file, of which each URL is looked at before it is called.
#[derive(Debug)]
pub struct Hops {
    url: Url,
    redirects_left: u32,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// A redirect: [`Hops::url`] is to be called now.
    On,
    /// The file.
    End {
        /// Its length, as announced.
        length_bytes: Option<u64>,
    },
}

impl Hops {
    /// The way that begins at `url`.
    ///
    /// # Errors
    /// It may not be called.
    pub fn to(url: &str) -> Result<Self, DownloadError> {
        let url = Url::parse(url).map_err(|_| refused("the URL is malformed"))?;
        check(&url)?;
        Ok(Self {
            url,
            redirects_left: MAX_REDIRECTS,
        })
    }

    /// What is to be called, with GET and without following anything.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Takes the answer to a call of [`Self::url`].
    ///
    /// # Errors
    /// It gives no file, and leads to nothing that may be called.
    pub fn follow(&mut self, status: u16, headers: &HeaderMap) -> Result<Hop, DownloadError> {
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            check_answer(status, headers)?;
            let length = text(headers, &header::CONTENT_LENGTH);
            let length_bytes = length.and_then(|text| text.parse().ok());
            return Ok(Hop::End { length_bytes });
        }
        let malformed = || refused("the URL redirects to a malformed URL");
        let location = text(headers, &header::LOCATION).ok_or_else(malformed)?;
        let next = self.url.join(location).map_err(|_| malformed())?;
        check(&next)?;
        let left = self.redirects_left.checked_sub(1);
        let reason = format!("the URL redirects more than {MAX_REDIRECTS} times");
        self.redirects_left = left.ok_or(DownloadError::Refused(reason))?;
        self.url = next;
        Ok(Hop::On)
    }
}

fn refused(reason: &str) -> DownloadError {
    DownloadError::Refused(reason.to_owned())
}

fn check(url: &Url) -> Result<(), DownloadError> {
    if !matches!(url.scheme(), "http" | "https") {
        let reason = format!(
            "the URL leads to {}://, and only http:// and https:// are allowed",
            url.scheme()
        );
        return Err(DownloadError::Refused(reason));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ForbiddenUrl::Credentials.into());
    }
    Ok(())
}

fn check_answer(status: u16, headers: &HeaderMap) -> Result<(), DownloadError> {
    check_status(status)?;
    let encoding = text(headers, &header::CONTENT_ENCODING);
    if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("identity")) {
        return Err(refused("the file came compressed, which was not asked for"));
    }
    let declared = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    if declared.to_ascii_lowercase().starts_with("text/html") {
        return Err(refused("the URL gives a web page (text/html), not a file"));
    }
    Ok(())
}

fn check_status(status: u16) -> Result<(), DownloadError> {
    let answer = format!("the URL answers with status {status}");
    match status {
        200 => Ok(()),
        status if may_pass(status) => Err(DownloadError::NoAnswer(answer)),
        _ => Err(DownloadError::Refused(answer)),
    }
}

/// Whether a status may be another one at the next attempt.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
