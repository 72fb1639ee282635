//! What tells one version of a file from another.

use ureq::http::{HeaderMap, HeaderName, header};

/// `ETag` and `Last-Modified` of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Validators {
    etag: Option<String>,
    modified: Option<String>,
}

impl Validators {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            etag: text(header::ETAG),
            modified: text(header::LAST_MODIFIED),
        }
    }

    /// Whether an answer with these can be of the version of `opened`. A server need not say them
    /// in each answer.
    pub(super) fn fit(&self, opened: &Self) -> bool {
        let fits = |now: &Option<String>, then: &Option<String>| match (now, then) {
            (Some(now), Some(then)) => now == then,
            _ => true,
        };
        fits(&self.etag, &opened.etag) && fits(&self.modified, &opened.modified)
    }

    /// Sent along, so that the server gives no range of another version. Weak ones are not allowed
    /// there (RFC 9110, section 13.1.5), and a date may be one.
    pub(super) fn for_if_range(&self) -> Option<&str> {
        self.etag.as_deref().filter(|tag| tag.starts_with('"'))
    }

    pub(super) fn version(&self) -> Option<&str> {
        self.etag.as_deref().or(self.modified.as_deref())
    }
}
