//! Conditional and range requests (RFC 9110, sections 13 and 14).

use hyper::header::{
    self, HeaderMap, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE,
};
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What tells one version of a thing from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Validators {
    /// Strong, with its quotes: what has the same is the same to the byte.
    pub(in crate::server) etag: String,
    /// To the second, as HTTP has it.
    pub(in crate::server) modified: Option<SystemTime>,
}

impl Validators {
    /// `mark` in quotes; it has letters, digits and `-` alone.
    pub(in crate::server) fn new(mark: &str, modified: Option<SystemTime>) -> Self {
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let whole = since.map(|since| UNIX_EPOCH + Duration::from_secs(since.as_secs()));
        Self {
            etag: format!("\"{mark}\""),
            modified: whole,
        }
    }

    /// As headers of an answer.
    pub(in crate::server) fn headers(&self) -> Vec<(HeaderName, String)> {
        let modified = self.modified.map(httpdate::fmt_http_date);
        let modified = modified.map(|date| (header::LAST_MODIFIED, date));
        [(header::ETAG, self.etag.clone())]
            .into_iter()
            .chain(modified)
            .collect()
    }
}

/// What a client is to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) enum Outcome {
    /// 200
    Whole,
    /// 206: these bytes.
    Part(RangeInclusive<u64>),
    /// 304: it has it.
    NotModified,
    /// 412: it wanted another version.
    Failed,
    /// 416: no byte of it was asked for.
    Unsatisfiable,
}

/// What is asked of a thing of `len` bytes by GET or HEAD.
pub(in crate::server) fn decide(asked: &HeaderMap, version: &Validators, len: u64) -> Outcome {
    let text = |name| text(asked, name);
    let modified_after = |date: &str| match (httpdate::parse_http_date(date), version.modified) {
        (Ok(date), Some(modified)) => Some(modified > date),
        _ => None,
    };
    if let Some(tags) = text(IF_MATCH) {
        if !matches(&tags, |tag| tag == version.etag) {
            return Outcome::Failed;
        }
    } else if text(IF_UNMODIFIED_SINCE).and_then(|date| modified_after(&date)) == Some(true) {
        return Outcome::Failed;
    }
    if let Some(tags) = text(IF_NONE_MATCH) {
        if matches(&tags, |tag| tag.trim_start_matches("W/") == version.etag) {
            return Outcome::NotModified;
        }
    } else if text(IF_MODIFIED_SINCE).and_then(|date| modified_after(&date)) == Some(false) {
        return Outcome::NotModified;
    }
    match text(RANGE) {
        Some(range) if still_is(text(IF_RANGE).as_deref(), version) => part(&range, len),
        _ => Outcome::Whole,
    }
}

/// Whether a range is of the version that the client has a part of.
fn still_is(said: Option<&str>, version: &Validators) -> bool {
    let Some(said) = said else { return true };
    if said.starts_with('"') || said.starts_with("W/") {
        return said == version.etag;
    }
    let date = httpdate::parse_http_date(said).ok();
    date.is_some() && date == version.modified
}

/// One range as it is asked for; the whole for several, which players never ask for, and for
/// what is no range of bytes.
fn part(range: &str, len: u64) -> Outcome {
    let Ok(ranges) = http_range_header::parse_range_header(range) else {
        return Outcome::Whole;
    };
    match (ranges.validate(len), len) {
        (Err(_), _) if ranges.len() > 1 => Outcome::Whole,
        (Err(_), _) => Outcome::Unsatisfiable,
        (Ok(valid), _) => match <[_; 1]>::try_from(valid) {
            Ok([range]) if ranges.len() == 1 => Outcome::Part(range),
            _ => Outcome::Whole,
        },
    }
}

/// Whether a list of entity tags has one that is `ours`.
fn matches(tags: &str, ours: impl Fn(&str) -> bool) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || ours(tag))
}

/// All lines of a header as one; none that nobody can read.
fn text(asked: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<_> = asked
        .get_all(name)
        .iter()
        .map(|line| line.to_str())
        .collect();
    let lines: Result<Vec<_>, _> = lines.into_iter().collect();
    lines
        .ok()
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join(", "))
}

#[cfg(test)]
mod tests;
