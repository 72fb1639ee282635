//! What a Dolby Vision configuration record says: Dolby Vision Streams Within the ISO Base Media
//! File Format, 3.2. Matroska holds the same record.

/// The kinds of boxes that hold one, and of Matroska's block additions.
pub(crate) const RECORDS: [[u8; 4]; 3] = [*b"dvcC", *b"dvvC", *b"dvwC"];

/// Seven bits after the version.
pub(crate) fn profile(record: &[u8]) -> Option<u8> {
    record.get(2).map(|byte| byte >> 1)
}
