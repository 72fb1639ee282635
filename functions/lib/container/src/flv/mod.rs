//! FLV: Adobe Flash Video File Format Specification 10.1, annex E.
//!
//! The header of each tag is read, and as much of each picture as tells whether decoding can begin
//! there; of a long file, as its metadata tell where keyframes are, only those around the wanted
//! times. Only H.264 is read here.

mod configuration;
mod index;
mod script;
mod sound;
mod tag;
mod video_tag;
mod walk;

pub(crate) use index::{FlvVideo, index, sparse_index};

/// Whether a file that starts so is one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start.starts_with(b"FLV\x01")
}

#[cfg(test)]
mod tests;
