//! Bytes that are in memory already.

use crate::{RangeSource, ReadError};
use std::fmt::{self, Debug};

/// Such as what another program wrote.
pub struct MemorySource(Vec<u8>);

impl MemorySource {
    /// Of `bytes` and no more.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Debug for MemorySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemorySource({} bytes)", self.0.len())
    }
}

impl RangeSource for MemorySource {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let from = usize::try_from(offset).map_err(|_| ReadError::Changed)?;
        let rest = self.0.get(from..).ok_or(ReadError::Changed)?;
        let read = rest.get(..into.len()).ok_or(ReadError::Changed)?;
        into.copy_from_slice(read);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_within_it_are_read_and_no_others() {
        let source = MemorySource::new(b"0123456789".to_vec());
        let mut read = [0; 4];
        source.read_at(6, &mut read).unwrap();
        assert_eq!((&read, source.bytes()), (b"6789", 10));
        for offset in [7, 10, 11, u64::MAX] {
            assert!(source.read_at(offset, &mut read).is_err());
        }
    }
}
