//! Videos on other machines, read by ranges from hosts that the operator named.

use embedded::RemoteFiles;
use service::ports::SourceError;
use source::{RangeSource, ReadError};
use std::io;
use std::sync::Arc;
use url::Url;
use webhook::{FileFacts, RangeClient, RangeError};

/// About what passes in the time of a request.
const GAP_BYTES: u64 = 256 << 10;

/// Files of the hosts that a client calls.
#[derive(Debug)]
pub(super) struct NamedHosts(pub(super) RangeClient);

impl RemoteFiles for NamedHosts {
    fn open(&self, url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        // What follows a `#` is no business of the server's.
        let mut url = Url::parse(url).map_err(|_| SourceError::NotAllowed)?;
        url.set_fragment(None);
        let url = String::from(url);
        let facts = self.0.look(&url).map_err(unopened)?;
        Ok(Arc::new(RemoteFile {
            client: self.0.clone(),
            url,
            facts,
        }))
    }
}

#[derive(Debug)]
struct RemoteFile {
    client: RangeClient,
    url: String,
    facts: FileFacts,
}

impl RangeSource for RemoteFile {
    fn bytes(&self) -> u64 {
        self.facts.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let end = offset.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > self.facts.bytes) {
            return Err(ReadError::Changed);
        }
        let read = self.client.read(&self.url, &self.facts, offset, into);
        read.map_err(unread)
    }

    fn place(&self) -> Option<String> {
        Some(self.url.clone())
    }

    fn identity(&self) -> Option<String> {
        let FileFacts { bytes, validator } = &self.facts;
        validator
            .as_ref()
            .map(|version| format!("{bytes} {version}"))
    }

    fn gap_bytes(&self) -> u64 {
        GAP_BYTES
    }
}

fn unopened(error: RangeError) -> SourceError {
    match error {
        RangeError::NotNamed => SourceError::NotAllowed,
        RangeError::NotFound(_) => SourceError::Missing,
        RangeError::Refused(_) | RangeError::Changed | RangeError::NoAnswer(_) => {
            SourceError::Unreadable(error.to_string())
        }
    }
}

fn unread(error: RangeError) -> ReadError {
    match error {
        RangeError::NotFound(_) => ReadError::Gone,
        RangeError::Changed => ReadError::Changed,
        RangeError::NotNamed | RangeError::Refused(_) => ReadError::Denied(error.to_string()),
        RangeError::NoAnswer(_) => ReadError::Transient(io::Error::other(error.to_string())),
    }
}
