//! A file on this machine with the bytes of a source: ffmpeg's demuxers read nothing else.

use crate::source::{Patient, RangeSource};
use crate::{Budget, Limits, MediaError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Copied in parts of this size.
const PART_BYTES: u64 = 4 << 20;

#[derive(Debug, Clone)]
pub(crate) enum Local {
    /// The source itself.
    Own(PathBuf),
    /// A copy, gone when the last of these is dropped.
    Copy(Arc<NamedTempFile>),
}

impl Local {
    pub(crate) fn of(source: &Arc<dyn RangeSource>, limits: &Limits) -> Result<Self, MediaError> {
        match source.path() {
            Some(path) => Ok(Self::Own(path.to_owned())),
            None => Ok(Self::Copy(Arc::new(copy(&**source, limits)?))),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Own(path) => path,
            Self::Copy(file) => file.path(),
        }
    }
}

fn copy(source: &dyn RangeSource, limits: &Limits) -> Result<NamedTempFile, MediaError> {
    let source = Patient(source);
    let bytes = source.bytes();
    if bytes > limits.copied_bytes {
        return Err(MediaError::Over {
            budget: Budget::CopiedBytes,
            found: bytes,
            limit: limits.copied_bytes,
        });
    }
    let mut file = crate::temporary::file()?;
    let mut offset = 0;
    while offset < bytes {
        let length = PART_BYTES.min(bytes - offset);
        let mut part = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
        source.read_at(offset, &mut part)?;
        file.write_all(&part)?;
        offset += length;
    }
    Ok(file)
}
