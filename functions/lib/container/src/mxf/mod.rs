//! MXF: SMPTE ST 377-1 and ST 379, of the operational patterns 1a and Atom.
//!
//! Its index table tells where each edit unit lies and when it is shown; what it tells is held against
//! the keys of what lies there. A file is read by its partitions: the header, those that the random
//! index pack names, and of the essence only what is near the wanted times. One without a whole table,
//! or with anything that is not as usual, is left to ffmpeg. Which codecs are read here,
//! [`picture_format`] says.

mod content_package;
mod descriptor;
mod essence;
mod file_tracks;
mod index;
mod index_table;
mod klv;
mod local_sets;
mod partition_pack;
mod partitions;
mod picture_format;
mod video;

pub(crate) use content_package::unpacked;
pub(crate) use index::{index, sparse_index};
pub(crate) use video::MxfVideo;

/// Whether a file that starts so is one: with the key of a partition pack.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start == b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01"
}

#[cfg(test)]
mod tests;
