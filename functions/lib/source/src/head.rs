//! The first bytes of a source, as if there were no more.

use crate::{RangeSource, ReadError};
use std::sync::Arc;

/// What a file begins with.
#[derive(Debug, Clone)]
pub struct HeadSource {
    whole: Arc<dyn RangeSource>,
    bytes: u64,
}

impl HeadSource {
    /// At most `bytes` of `whole`.
    #[must_use]
    pub fn new(whole: Arc<dyn RangeSource>, bytes: u64) -> Self {
        let bytes = bytes.min(whole.bytes());
        Self { whole, bytes }
    }
}

impl RangeSource for HeadSource {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let end = offset.checked_add(into.len() as u64);
        match end.filter(|end| *end <= self.bytes) {
            Some(_) => self.whole.read_at(offset, into),
            None => Err(ReadError::Changed),
        }
    }

    fn identity(&self) -> Option<String> {
        self.whole.identity()
    }

    fn gap_bytes(&self) -> u64 {
        self.whole.gap_bytes()
    }

    fn kept_bytes(&self) -> u64 {
        self.whole.kept_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileSource;

    #[test]
    fn nothing_behind_the_head_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"0123456789").unwrap();
        let whole: Arc<dyn RangeSource> = Arc::new(FileSource::open(&path).unwrap());
        let head = HeadSource::new(Arc::clone(&whole), 4);
        let mut read = [0; 4];
        head.read_at(0, &mut read).unwrap();
        assert_eq!((&read, head.bytes()), (b"0123", 4));
        assert!(head.read_at(1, &mut read).is_err());
        assert!(head.file().is_none(), "its file has more");
        assert_eq!(HeadSource::new(whole, 99).bytes(), 10);
    }
}
