//! Whether an answer is the range that was asked for.

use super::file::{FileFacts, RangeError};
use crate::download::{may_pass, text};
use http::{HeaderMap, StatusCode, header};

/// What an answer for so many bytes from an offset says of its file.
pub(super) fn checked(
    status: StatusCode,
    headers: &HeaderMap,
    (offset, bytes): (u64, u64),
    validator: Option<&str>,
) -> Result<FileFacts, RangeError> {
    match status.as_u16() {
        206 => {}
        // If-Range: the whole of another version.
        200 | 412 if validator.is_some() => return Err(RangeError::Changed),
        // It ends before this range by now; a file of no bytes has no range at all.
        416 => return Err(RangeError::Changed),
        200 => return Err(refused("the server does not read by ranges")),
        status @ (404 | 410) => return Err(RangeError::NotFound(status)),
        status if may_pass(status) => {
            return Err(RangeError::NoAnswer(format!("status {status}")));
        }
        status => return Err(RangeError::Refused(format!("status {status}"))),
    }
    let encoding = text(headers, &header::CONTENT_ENCODING);
    if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("identity")) {
        return Err(refused("it came compressed, which was not asked for"));
    }
    let range = text(headers, &header::CONTENT_RANGE);
    let (first, last, total) = range
        .and_then(content_range)
        .ok_or_else(|| refused("the server does not say which range it sends"))?;
    if (first, last.checked_sub(first)) != (offset, bytes.checked_sub(1)) || last >= total {
        return Err(refused("the server sends another range"));
    }
    Ok(FileFacts {
        bytes: total,
        validator: version(headers),
    })
}

fn refused(reason: &str) -> RangeError {
    RangeError::Refused(reason.to_owned())
}

/// `bytes 0-9/100`
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

/// A weak ETag tells versions apart that differ in meaning, not those that differ in bytes.
fn version(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, &header::ETAG).filter(|tag| tag.starts_with('"'));
    let version = tag.or_else(|| text(headers, &header::LAST_MODIFIED));
    version.map(str::to_owned)
}
