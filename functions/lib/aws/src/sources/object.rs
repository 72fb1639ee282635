//! Ranged reads of one object, all of the same bytes.

use super::url::Location;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use source::{RangeSource, ReadError};
use std::fmt;
use std::io;
use std::time::Duration;
use tokio::runtime::Handle;

/// What a further request costs, at some 20 ms to its first byte and 10 to 50 MB a second.
const GAP_BYTES: u64 = 256 * 1024;

/// The longest that the bytes of one range may take to come.
const BODY_WITHIN: Duration = Duration::from_secs(60);

/// Which bytes: those that were there when the object was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Version {
    /// Of a bucket with versions; they never change.
    Id(String),
    /// Sent along with every read, so that S3 refuses to give others.
    ETag(String),
}

impl Version {
    pub(super) fn of(named: Option<String>, head: &HeadObjectOutput) -> Option<Self> {
        // An object from before its bucket had versions has the version `null`, which changes.
        let id = head.version_id().filter(|id| *id != "null");
        let id = named.or_else(|| id.map(str::to_owned)).map(Self::Id);
        id.or_else(|| head.e_tag().map(|tag| Self::ETag(tag.to_owned())))
    }

    /// What tells the bytes from others at the same place.
    pub(super) fn text(&self) -> &str {
        let (Self::Id(text) | Self::ETag(text)) = self;
        text
    }
}

/// One object of S3. Reads block on the runtime it was opened in.
pub(super) struct S3Object {
    client: Client,
    location: Location,
    version: Version,
    bytes: u64,
    runtime: Handle,
}

impl S3Object {
    /// Must be called within a runtime.
    pub(super) fn new(client: Client, location: Location, version: Version, bytes: u64) -> Self {
        Self {
            client,
            location,
            version,
            bytes,
            runtime: Handle::current(),
        }
    }

    async fn read(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let Some(last) = (into.len() as u64).checked_sub(1) else {
            return Ok(());
        };
        let last = offset.checked_add(last).filter(|last| *last < self.bytes);
        let last = last.ok_or(ReadError::Changed)?;
        let object = self.get(offset, last).await?;
        let filled = tokio::time::timeout(BODY_WITHIN, fill(object, into)).await;
        filled.map_err(|_| transient("the bytes of an object came too slowly"))?
    }

    async fn get(&self, first: u64, last: u64) -> Result<GetObjectOutput, ReadError> {
        let get = self
            .client
            .get_object()
            .bucket(&self.location.bucket)
            .key(&self.location.key)
            .range(format!("bytes={first}-{last}"));
        let get = match &self.version {
            Version::Id(id) => get.version_id(id),
            Version::ETag(tag) => get.if_match(tag),
        };
        get.send().await.map_err(trouble)
    }
}

/// Just as many bytes as were asked for, or an error.
async fn fill(mut object: GetObjectOutput, into: &mut [u8]) -> Result<(), ReadError> {
    let mut left = into;
    while let Some(chunk) = object.body.next().await {
        let chunk = chunk.map_err(|cause| transient(DisplayErrorContext(cause)))?;
        let Some((now, later)) = left.split_at_mut_checked(chunk.len()) else {
            return Err(transient("more bytes came than were asked for"));
        };
        now.copy_from_slice(&chunk);
        left = later;
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(transient("fewer bytes came than were asked for"))
    }
}

fn trouble(error: SdkError<GetObjectError>) -> ReadError {
    match error.raw_response().map(|raw| raw.status().as_u16()) {
        Some(404) => ReadError::Gone,
        // Of an object under a key of KMS, this is also that the role may not decrypt.
        Some(403) => ReadError::Denied(reason(&error)),
        // The key is disabled, deleted or not of this account: only its owner can change that.
        Some(400) if error.code().is_some_and(|code| code.starts_with("KMS.")) => {
            ReadError::Denied(reason(&error))
        }
        Some(412 | 416) => ReadError::Changed,
        _ => transient(DisplayErrorContext(error)),
    }
}

/// In the words of S3, which name what is missing.
fn reason(error: &SdkError<GetObjectError>) -> String {
    let [code, message] = [error.code(), error.message()].map(Option::unwrap_or_default);
    format!("access denied: {code} {message}")
}

fn transient(cause: impl fmt::Display) -> ReadError {
    ReadError::Transient(io::Error::other(cause.to_string()))
}

impl RangeSource for S3Object {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.runtime.block_on(self.read(offset, into))
    }

    fn place(&self) -> Option<String> {
        Some(self.location.place())
    }

    fn identity(&self) -> Option<String> {
        Some(self.version.text().to_owned())
    }

    fn gap_bytes(&self) -> u64 {
        GAP_BYTES
    }
}

impl fmt::Debug for S3Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("S3Object")
            .field("location", &self.location)
            .field("version", &self.version)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
