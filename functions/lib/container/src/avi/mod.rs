//! AVI: RIFF, `idx1`, and the OpenDML AVI File Format Extensions.
//!
//! Chunks have no times: a picture is decoded when its number says, and the headers of pictures say
//! which are shown later. The header of each chunk is read, and as much of each picture as tells
//! what it is; of a long file, as the table of chunks tells them apart, only those around the wanted
//! times. Which codecs of AVI are read here, [`video_format`] says; H.264 is not among them, since
//! nothing but decoding it tells when its pictures are shown.

mod chunk_table;
mod index;
mod object_planes;
mod riff;
mod sound;
mod stream_header;
mod video_format;

pub(crate) use index::{AviVideo, index, sparse_index};

/// Whether a file that starts so is one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start.starts_with(b"RIFF") && start.ends_with(b"AVI ")
}

#[cfg(test)]
mod tests;
