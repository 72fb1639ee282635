//! A file on this machine with the bytes of a source: ffmpeg's demuxers read nothing else.

use crate::MediaError;
use plan::{Budget, Limits};
use source::{RangeSource, RetryingSource};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
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
        let mut part = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        source.read_at(offset, &mut part)?;
        let written = file.write_all(&part);
        written.map_err(|cause| not_written(cause, bytes, offset, limits))?;
        offset += length;
    }
    Ok(file)
}

/// A disk that nobody else uses will not have more room the next time.
fn not_written(cause: io::Error, bytes: u64, written: u64, limits: &Limits) -> MediaError {
    let is_full = matches!(
        cause.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    );
    match limits.scratch_full(bytes, written).filter(|_| is_full) {
        Some(over) => over.into(),
        None => cause.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each delivery read the file again until the disk was full.
    #[test]
    fn a_copy_that_finds_no_room_is_tried_again_for_ever() {
        let full = || io::Error::from_raw_os_error(28);
        let own = Limits::default().within_scratch(1 << 30);
        let verdict = not_written(full(), 9, 4, &own);
        assert_eq!(verdict.budget(), Some(Budget::CopiedBytes));
        assert!(verdict.is_permanent());
        // Others may make room, and another error is no full disk.
        assert!(!not_written(full(), 9, 4, &Limits::default()).is_permanent());
        assert!(!not_written(io::Error::from_raw_os_error(5), 9, 4, &own).is_permanent());
    }
}
