//! A file on this machine with the bytes of a source: ffmpeg's demuxers read nothing else.

use crate::MediaError;
use plan::{Budget, Limits};
use source::{RangeSource, RetryingSource};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// Copied in parts of this size.
const PART_BYTES: u64 = 4 << 20;

/// The source itself, or a copy of it. A copy has no name, and is gone with the last of these.
#[derive(Debug, Clone)]
pub(crate) struct LocalFile(Arc<File>);

impl LocalFile {
    pub(crate) fn of(source: &Arc<dyn RangeSource>, limits: &Limits) -> Result<Self, MediaError> {
        match source.file() {
            Some(file) => Ok(Self(file)),
            None => Ok(Self(Arc::new(copy(&**source, limits)?))),
        }
    }

    pub(crate) fn file(&self) -> &File {
        &self.0
    }
}

fn copy(source: &dyn RangeSource, limits: &Limits) -> Result<File, MediaError> {
    let source = RetryingSource(source);
    let bytes = source.bytes();
    limits.check(Budget::CopiedBytes, bytes)?;
    let mut file = tempfile::tempfile()?;
    let mut offset = 0;
    while offset < bytes {
        if limits.deadline.is_over() {
            return Err(MediaError::Stopped);
        }
        let length = PART_BYTES.min(bytes - offset);
        let mut part = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
        source.read_at(offset, &mut part)?;
        file.write_all(&part)?;
        offset += length;
    }
    Ok(file)
}
