//! A file on this machine.

use super::{RangeSource, ReadError};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// A regular file, held open: what is read is what was opened, even where the name is given to
/// another file meanwhile. Where the file itself is written to, reads fail.
#[derive(Debug)]
pub struct FileSource {
    file: Arc<File>,
    path: PathBuf,
    bytes: u64,
    /// When it was last written to.
    written: SystemTime,
}

impl FileSource {
    /// `file` is a regular one, and lies at `path`.
    pub(super) fn of(file: File, path: PathBuf) -> Result<Self, ReadError> {
        let opened = file.metadata()?;
        Ok(Self {
            bytes: opened.len(),
            written: opened.modified()?,
            file: Arc::new(file),
            path,
        })
    }

    fn is_as_opened(&self, now: &Metadata) -> Result<(), ReadError> {
        if now.len() == self.bytes && now.modified()? == self.written {
            Ok(())
        } else {
            Err(ReadError::Changed)
        }
    }
}

pub(super) fn trouble(error: io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Gone,
        ErrorKind::PermissionDenied => ReadError::Denied("permission denied".to_owned()),
        _ => ReadError::Transient(error),
    }
}

impl RangeSource for FileSource {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        match self.file.read_exact_at(into, offset) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(ReadError::Changed),
            done => {
                done?;
                // Asked when the bytes are here, so that they are from before any change.
                self.is_as_opened(&self.file.metadata()?)
            }
        }
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn place(&self) -> Option<String> {
        let bytes = self.path.as_os_str().as_bytes();
        let text = std::str::from_utf8(bytes).map(str::to_owned);
        // A path begins with a slash, so that no other is spelt like this.
        Some(text.unwrap_or_else(|_| format!("bytes:{}", bytes.escape_ascii())))
    }

    fn file(&self) -> Option<Arc<File>> {
        Some(Arc::clone(&self.file))
    }

    fn check(&self) -> Result<(), ReadError> {
        self.is_as_opened(&self.file.metadata()?)
    }

    fn identity(&self) -> Option<String> {
        let written = self.written.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let (inode, bytes) = (self.file.metadata().ok()?.ino(), self.bytes);
        Some(format!("{inode}-{}-{bytes}", written.as_nanos()))
    }

    /// Sound between two pictures is read along sooner than one more call is made.
    fn gap_bytes(&self) -> u64 {
        16 << 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::NamedTempFile, FileSource) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "before").unwrap();
        // Long ago, so that a write within one tick of the clock shows.
        file.as_file().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let source = FileSource::open(file.path()).unwrap();
        (file, source)
    }

    fn read(source: &FileSource) -> Result<[u8; 6], ReadError> {
        let mut bytes = [0; 6];
        source.read_at(0, &mut bytes).map(|()| bytes)
    }

    #[test]
    fn a_file_that_is_written_over_with_as_many_bytes_is_not_read_on() {
        let (file, source) = file();
        assert_eq!(&read(&source).unwrap(), b"before");
        assert!(source.check().is_ok());
        std::fs::write(file.path(), "after!").unwrap();
        assert!(matches!(read(&source), Err(ReadError::Changed)));
        assert!(matches!(source.check(), Err(ReadError::Changed)));
    }

    #[test]
    fn a_file_whose_name_another_gets_is_read_on() {
        let (file, source) = file();
        let (other, _) = self::file();
        std::fs::rename(other.path(), file.path()).unwrap();
        assert_eq!(&read(&source).unwrap(), b"before");
        assert!(source.check().is_ok());
        std::fs::remove_file(file.path()).unwrap();
        assert_eq!(&read(&source).unwrap(), b"before");
        assert!(source.check().is_ok());
    }
}
