//! Where the bytes of a video come from.

mod fetch;
mod file;
mod retry;
mod tally;

pub use fetch::{Fetch, FetchLimits, Piece};
pub use file::FileSource;
pub(crate) use retry::Patient;
pub use retry::Retries;
pub use tally::{Counted, Tally};

use std::fmt::Debug;
use std::io;
use std::path::Path;
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

    /// The file on this machine, where it is one.
    fn path(&self) -> Option<&Path> {
        None
    }

    /// That the file at [`Self::path`] is still this one, for what others read of it by that
    /// name.
    ///
    /// # Errors
    /// [`ReadError::Gone`] or [`ReadError::Changed`] where it is not.
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
