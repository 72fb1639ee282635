//! FLV: Adobe Flash Video File Format Specification 10.1, annex E.
//!
//! The header of each tag is read, and as much of each picture as tells whether decoding can begin
//! there; of a long file only of those around the wanted times, as its metadata tell where keyframes
//! are, or as the times of tags in a few places do. H.264, HEVC and AV1 are read here.

mod configuration;
mod index;
mod marked_video;
mod resync;
mod script;
mod sound;
mod sparse_index;
mod tag;
mod tag_stream;
mod video_tag;
mod walk;

pub(crate) use index::index;
pub(crate) use sparse_index::FlvIndex;

/// Whether a file that starts so is one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start.starts_with(b"FLV\x01")
}

#[cfg(test)]
mod tests;
