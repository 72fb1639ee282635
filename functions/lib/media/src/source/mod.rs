//! Where the bytes of a video come from.

mod fetch;
mod file;
mod pinned;
mod retry;
mod tally;

pub use fetch::{Fetch, FetchLimits, Piece};
pub use file::FileSource;
pub use pinned::PinnedFile;
pub(crate) use pinned::reopened;
pub(crate) use retry::Patient;
pub use retry::Retries;
pub use tally::{Counted, Tally};

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

    /// Where it lay on this machine when it was opened, where it is a file there. To be shown:
    /// the name may have been given to another file since.
    fn path(&self) -> Option<&Path> {
        None
    }

    /// The open file, where it is one on this machine, for a decoder that reads it by itself.
    fn file(&self) -> Option<Arc<File>> {
        None
    }

    /// That the content is still what it was when it was opened, for what others read of
    /// [`Self::file`].
    ///
    /// # Errors
    /// [`ReadError::Changed`] where it is not.
    fn check(&self) -> Result<(), ReadError> {
        Ok(())
    }

    /// What tells it from every other content of the same place, such as a version; none where
    /// nothing does.
    fn identity(&self) -> Option<String> {
        None
    }

    /// So many bytes between two wanted ranges are read through rather than skipped: what a
    /// further request costs.
    fn gap_bytes(&self) -> u64 {
        0
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
