//! Videos on other machines, read by ranges from hosts that the operator named.

use contract::redacted;
use embedded::RemoteFiles;
use service::ports::SourceError;
use source::http::{self, HttpError, HttpFile, HttpSource};
use source::{RangeSource, ReadError};
use std::sync::Arc;
use ureq::Agent;
use url::Url;
use webhook::{AllowedDestination, named_hosts_client};

/// Files of the hosts that a client calls.
#[derive(Debug)]
pub(super) struct NamedHosts(Agent);

impl NamedHosts {
    pub(super) fn new(named: &[AllowedDestination]) -> Self {
        Self(named_hosts_client(named.to_vec()))
    }
}

impl RemoteFiles for NamedHosts {
    fn open(&self, url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let url = callable(url).ok_or(SourceError::NotAllowed)?;
        match http::open(&self.0, &url) {
            Ok(HttpFile::Ranges(source)) => Ok(Arc::new(RemoteFile { source, url })),
            Ok(HttpFile::Whole(_)) => Err(SourceError::Unreadable(
                "the server does not read by ranges".to_owned(),
            )),
            Err(cause) => Err(unopened(&url, &cause)),
        }
    }
}

/// Without what follows a `#`, which is no business of the server's.
fn callable(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_web = matches!(url.scheme(), "http" | "https");
    url.set_fragment(None);
    (is_web && !has_user).then(|| url.into())
}

fn unopened(url: &str, cause: &HttpError) -> SourceError {
    match cause {
        HttpError::NotCalled(_) => SourceError::NotAllowed,
        HttpError::Status(404 | 410) => SourceError::Missing,
        cause => SourceError::Unreadable(redacted::about(url, &cause.to_string())),
    }
}

/// With the place by which a video is known.
#[derive(Debug)]
struct RemoteFile {
    source: HttpSource,
    url: String,
}

impl RangeSource for RemoteFile {
    fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.source.read_at(offset, into)
    }

    fn place(&self) -> Option<String> {
        Some(self.url.clone())
    }

    fn inner(&self) -> Option<&dyn RangeSource> {
        Some(&self.source)
    }
}
