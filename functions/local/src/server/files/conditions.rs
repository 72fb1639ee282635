//! Conditional and range requests (RFC 9110, sections 13 and 14).

use hyper::header::{
    self, HeaderMap, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE,
};
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What tells one version of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CacheValidators {
    /// A strong validator, with its quotes: two files with the same one are equal to the byte.
    pub(crate) etag: String,
    /// To the second: HTTP dates have no fractions.
    pub(crate) modified: Option<SystemTime>,
}

impl CacheValidators {
    /// `tag` becomes the ETag. It consists of letters, digits and `-`.
    pub(crate) fn new(tag: &str, modified: Option<SystemTime>) -> Self {
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let whole = since.map(|since| UNIX_EPOCH + Duration::from_secs(since.as_secs()));
        Self {
            etag: format!("\"{tag}\""),
            modified: whole,
        }
    }

    /// The headers of an answer.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, String)> {
        let modified = self.modified.map(httpdate::fmt_http_date);
        let modified = modified.map(|date| (header::LAST_MODIFIED, date));
        [(header::ETAG, self.etag.clone())]
            .into_iter()
            .chain(modified)
            .collect()
    }
}

/// How a conditional or range request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestOutcome {
    /// 200
    Whole,
    /// 206: these bytes.
    Part(RangeInclusive<u64>),
    /// 304: the client has this version.
    NotModified,
    /// 412: the client asked for another version.
    PreconditionFailed,
    /// 416: the range lies outside of the file.
    Unsatisfiable,
}

/// Decides on a GET or HEAD of a file of `len` bytes.
pub(crate) fn evaluate(request: &HeaderMap, version: &CacheValidators, len: u64) -> RequestOutcome {
    let text = |name| header_text(request, name);
    let modified_after = |date: &str| match (httpdate::parse_http_date(date), version.modified) {
        (Ok(date), Some(modified)) => Some(modified > date),
        _ => None,
    };
    if let Some(tags) = text(IF_MATCH) {
        if !matches(&tags, |tag| tag == version.etag) {
            return RequestOutcome::PreconditionFailed;
        }
    } else if text(IF_UNMODIFIED_SINCE).and_then(|date| modified_after(&date)) == Some(true) {
        return RequestOutcome::PreconditionFailed;
    }
    if let Some(tags) = text(IF_NONE_MATCH) {
        if matches(&tags, |tag| tag.trim_start_matches("W/") == version.etag) {
            return RequestOutcome::NotModified;
        }
    } else if text(IF_MODIFIED_SINCE).and_then(|date| modified_after(&date)) == Some(false) {
        return RequestOutcome::NotModified;
    }
    match text(RANGE) {
        Some(range) if is_same_version(text(IF_RANGE).as_deref(), version) => {
            range_outcome(&range, len)
        }
        _ => RequestOutcome::Whole,
    }
}

/// Whether If-Range names this version. A date counts only where it is exact.
fn is_same_version(if_range: Option<&str>, version: &CacheValidators) -> bool {
    let Some(if_range) = if_range else {
        return true;
    };
    if if_range.starts_with('"') || if_range.starts_with("W/") {
        return if_range == version.etag;
    }
    let date = httpdate::parse_http_date(if_range).ok();
    date.is_some() && date == version.modified
}

/// A single range is answered with that part. The whole file is the answer to several ranges,
/// which players never ask for, and to what is not a range of bytes.
fn range_outcome(range: &str, len: u64) -> RequestOutcome {
    let Ok(ranges) = http_range_header::parse_range_header(range) else {
        return RequestOutcome::Whole;
    };
    match (ranges.validate(len), len) {
        (Err(_), _) if ranges.len() > 1 => RequestOutcome::Whole,
        (Err(_), _) => RequestOutcome::Unsatisfiable,
        (Ok(valid), _) => match <[_; 1]>::try_from(valid) {
            Ok([range]) if ranges.len() == 1 => RequestOutcome::Part(range),
            _ => RequestOutcome::Whole,
        },
    }
}

/// Whether a list of entity tags contains one that matches.
fn matches(tags: &str, is_match: impl Fn(&str) -> bool) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || is_match(tag))
}

/// All lines of a header as one, unless one of them is not text.
fn header_text(request: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<_> = request
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
