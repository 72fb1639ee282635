//! The fields of a box, one after the other, big-endian.

use crate::IndexError;

/// What is left to read of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldReader<'a>(&'a [u8]);

impl<'a> FieldReader<'a> {
    pub(super) fn of(body: &'a [u8]) -> Self {
        Self(body)
    }

    /// The rest of it.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(super) fn skip(&mut self, bytes: usize) -> Result<(), IndexError> {
        self.0 = self.0.get(bytes..).ok_or(TOO_SHORT)?;
        Ok(())
    }

    pub(super) fn u8(&mut self) -> Result<u8, IndexError> {
        self.take().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, IndexError> {
        self.take().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, IndexError> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, IndexError> {
        self.take().map(i32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, IndexError> {
        self.take().map(u64::from_be_bytes)
    }

    pub(super) fn kind(&mut self) -> Result<[u8; 4], IndexError> {
        self.take()
    }

    /// The version and the flags that a "full box" begins with.
    pub(super) fn version_and_flags(&mut self) -> Result<(u8, u32), IndexError> {
        let word = self.u32()?;
        Ok((word.to_be_bytes()[0], word & 0x00ff_ffff))
    }

    /// A field that is wider in version 1.
    pub(super) fn wide(&mut self, version: u8) -> Result<u64, IndexError> {
        if version == 1 {
            self.u64()
        } else {
            self.u32().map(u64::from)
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], IndexError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(TOO_SHORT)?;
        self.0 = rest;
        Ok(*taken)
    }
}

const TOO_SHORT: IndexError = IndexError::Unsupported("a box of it is too short");

/// A table: its rows, of which there are as many as the box says and holds.
pub(super) fn rows<const N: usize>(body: &[u8]) -> Result<&[[u8; N]], IndexError> {
    let mut fields = FieldReader::of(body);
    fields.version_and_flags()?;
    let count = fields.u32()?;
    let (rows, _) = fields.rest().as_chunks();
    usize::try_from(count)
        .ok()
        .and_then(|count| rows.get(..count))
        .ok_or(IndexError::Unsupported(
            "a table of it is shorter than it says",
        ))
}

/// A row of two numbers.
pub(super) fn pair(row: [u8; 8]) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = row;
    (
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
    )
}
