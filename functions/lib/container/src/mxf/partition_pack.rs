//! What begins a partition: SMPTE ST 377-1, 7.

use super::klv::{DAMAGED, Label};
use crate::IndexError;

/// A pack of a partition, which is a part of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartitionPack {
    pub(super) is_header: bool,
    pub(super) is_footer: bool,
    /// Its header metadata will not change.
    pub(super) is_closed: bool,
    pub(super) at: u64,
    pub(super) previous: u64,
    /// 0 where it is not known.
    pub(super) footer: u64,
    /// Of the essence, how many bytes come before this partition.
    pub(super) body_offset: u64,
    /// The essence in it; 0 where there is none.
    pub(super) body: u32,
    /// The operational pattern.
    pattern: Label,
    /// How many kinds of essence there are.
    containers: u32,
}

impl PartitionPack {
    pub(super) fn parse(key: &Label, value: &[u8]) -> Result<Self, IndexError> {
        let (fields, rest) = value.split_first_chunk::<64>().ok_or(DAMAGED)?;
        let long = |at: usize| {
            fields[at..]
                .first_chunk()
                .map_or(0, |&it| u64::from_be_bytes(it))
        };
        let short = |at: usize| {
            fields[at..]
                .first_chunk()
                .map_or(0, |&it| u32::from_be_bytes(it))
        };
        let (pattern, rest) = rest.split_first_chunk().ok_or(DAMAGED)?;
        let containers = rest.first_chunk().ok_or(DAMAGED)?;
        Ok(Self {
            is_header: key[13] == 2,
            is_footer: key[13] == 4,
            is_closed: key[14] & 1 == 0,
            at: long(8),
            previous: long(16),
            footer: long(24),
            body_offset: long(52),
            body: short(60),
            pattern: *pattern,
            containers: u32::from_be_bytes(*containers),
        })
    }

    /// Whether all frames of an essence are in one value.
    pub(super) fn is_atom(&self) -> bool {
        self.pattern[12] == 0x10 && self.containers == 1
    }
}
