//! What is sent, and what counts as taken, whichever client sends it.

use crate::error::{ForbiddenUrl, WebhookError};
use crate::signature::signature_headers;
use contract::redacted::RedactedReceiver;
use std::fmt::{self, Debug, Formatter};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use url::Url;

/// How long one call may take, name resolution and answer included.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// Who named the URL of a callback, and so where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlTrust {
    /// The operator: it is called wherever it leads.
    Operator,
    /// A client of the API: only public addresses and allowed destinations are called.
    Client,
}

/// One callback to send. Its Debug form has no key and no secret of the URL.
#[derive(Clone)]
pub struct Webhook {
    /// Where to send it.
    pub url: String,
    /// The same at every attempt, so that a receiver can tell a repeat.
    pub event_id: String,
    /// JSON in UTF-8.
    pub body: Vec<u8>,
    /// Who named the URL.
    pub trust: UrlTrust,
    /// Signs this attempt; none: it is not signed.
    pub signing_key: Option<String>,
}

impl Debug for Webhook {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Webhook")
            .field("url", &RedactedReceiver(&self.url).to_string())
            .field("event_id", &self.event_id)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

impl Webhook {
    /// The headers of an attempt made now, beside those of HTTP itself.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let content_type = "application/json;charset=utf-8".to_owned();
        let mut headers = vec![
            ("content-type", content_type),
            ("x-vod-event-id", self.event_id.clone()),
        ];
        if let Some(key) = &self.signing_key {
            headers.extend(signature_headers(&self.url, now_s(), key, &self.body));
        }
        headers
    }

    /// Where to send it, for a client that resolves names by itself.
    ///
    /// # Errors
    /// It is no URL of HTTP, or it would tell the receiver a user name or a password.
    pub fn target(&self) -> Result<Url, ForbiddenUrl> {
        let url = Url::parse(&self.url).map_err(|_| ForbiddenUrl::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ForbiddenUrl::Malformed);
        }
        let is_told = !url.username().is_empty() || url.password().is_some();
        match self.trust {
            UrlTrust::Client if is_told => Err(ForbiddenUrl::Credentials),
            _ => Ok(url),
        }
    }

    /// Whether a receiver that answers with this status has taken the callback. A redirect is an
    /// answer like any other.
    ///
    /// # Errors
    /// It has not.
    pub fn verdict(status: u16) -> Result<(), WebhookError> {
        match status {
            200 => Ok(()),
            status => Err(WebhookError::Status(status)),
        }
    }
}

fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs().try_into().unwrap_or(i64::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn webhook(url: &str, trust: UrlTrust) -> Webhook {
        Webhook {
            url: url.to_owned(),
            event_id: "1".to_owned(),
            body: b"{}".to_vec(),
            trust,
            signing_key: None,
        }
    }

    #[test]
    fn a_url_that_is_none_or_tells_secrets_is_no_target() {
        let target = |url: &str| webhook(url, UrlTrust::Client).target();
        assert_eq!(target("http://h/a?b").unwrap().path(), "/a");
        for url in ["", "h", "file:///etc/passwd", "http://[::x]/", "ftp://h/"] {
            assert_eq!(target(url), Err(ForbiddenUrl::Malformed), "{url}");
        }
        for url in ["http://u@h/", "http://u:p@h/", "https://:p@h/"] {
            assert_eq!(target(url), Err(ForbiddenUrl::Credentials), "{url}");
            assert!(webhook(url, UrlTrust::Operator).target().is_ok());
        }
    }
}
