//! Bytes of a video by ranges: a file on this machine, or whatever else reads ranges.
//!
//! **Promise.** What is read is one version of one content. A file that is written to while it is
//! read gives an error ([`ReadError::Changed`]), never a mixture; a file whose name is given to
//! another meanwhile is read on. Reads that fail for the moment are tried again
//! ([`RetryingSource`]); many ranges are read ahead within a bound of memory ([`Prefetcher`]). What was
//! read last of a source that is far away is not asked for again ([`CachingSource`]).
//!
//! **Not here.** What the bytes mean (`container`), and sources beyond this machine, but for files
//! behind HTTP (the feature `http`): whoever has one implements [`RangeSource`].
//!
//! ```
//! use source::{FileSource, RangeSource};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("clip.mp4");
//! std::fs::write(&path, b"0000ftypisom")?;
//! let source = FileSource::open(&path)?;
//! let mut kind = [0; 4];
//! source.read_at(4, &mut kind)?;
//! assert_eq!((&kind, source.bytes()), (b"ftyp", 12));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod caching;
mod counting;
mod file;
mod head;
#[cfg(feature = "http")]
pub mod http;
mod memory;
mod pinned_file;
mod prefetch;
mod refused_format;
mod retry;
mod stalling;

pub use caching::CachingSource;
pub use counting::{CountingSource, ReadStats};
pub use file::FileSource;
pub use head::HeadSource;
pub use memory::MemorySource;
pub use pinned_file::{PinnedFile, reopened};
pub use prefetch::{ByteRange, PrefetchLimits, Prefetcher};
pub use refused_format::refused_format;
pub use retry::{Retries, RetryingSource};
pub use stalling::StallingSource;

use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

/// Bytes of one video, read by ranges. Blocking; several threads read at once. The content stays
/// the same while it is in use: where it turns out not to, reads fail with [`ReadError::Changed`].
pub trait RangeSource: Send + Sync + Debug {
    /// How long it is, bytes.
    fn bytes(&self) -> u64;

    /// Fills `into` from `offset` on. Asking for bytes past the end is an error.
    ///
    /// # Errors
    /// See [`ReadError`]. Transient ones are tried again by whoever reads.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError>;

    /// The source that answers whatever this one does not answer by itself: of one that stands between a
    /// source and its readers.
    fn inner(&self) -> Option<&dyn RangeSource> {
        None
    }

    /// Where it lay on this machine when it was opened, where it is a file there. To be shown:
    /// the name may have been given to another file since.
    fn path(&self) -> Option<&Path> {
        self.inner()?.path()
    }

    /// Its place, spelt in one way however it was asked for; none where only its URL says where it
    /// lies.
    fn place(&self) -> Option<String> {
        self.inner()?.place()
    }

    /// The open file, where it is one on this machine, for a decoder that reads it by itself.
    fn file(&self) -> Option<Arc<File>> {
        self.inner()?.file()
    }

    /// That the content is still what it was when it was opened, for what others read of
    /// [`Self::file`].
    ///
    /// # Errors
    /// [`ReadError::Changed`] where it is not.
    fn check(&self) -> Result<(), ReadError> {
        self.inner().map_or(Ok(()), RangeSource::check)
    }

    /// What tells it from every other content of the same place, such as a version; none where
    /// nothing does.
    fn identity(&self) -> Option<String> {
        self.inner()?.identity()
    }

    /// So many bytes between two wanted ranges are read through rather than skipped: what a
    /// further request costs.
    fn gap_bytes(&self) -> u64 {
        self.inner().map_or(0, RangeSource::gap_bytes)
    }

    /// So many of the bytes that were read last are kept, and cost nothing when they are read again.
    fn kept_bytes(&self) -> u64 {
        self.inner().map_or(0, RangeSource::kept_bytes)
    }
}

/// Why bytes could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It is not there any more.
    #[error("the file does not exist")]
    Gone,
    /// It is a folder or a device.
    #[error("it is not a regular file")]
    NotAFile,
    /// It may not be read.
    #[error("the file cannot be read: {0}")]
    Denied(String),
    /// It is not what it was when it was opened, or ends before the range asked for.
    #[error("the file changed while it was read")]
    Changed,
    /// Perhaps the next time.
    #[error("{0}")]
    Transient(#[from] io::Error),
}
