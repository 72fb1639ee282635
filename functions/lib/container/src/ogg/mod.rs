//! Ogg: RFC 3533, with Theora as its specification has it in appendix A.
//!
//! Of files with one Theora video there is an index, of all pages or of the stretches around the wanted
//! times; Vorbis and Opus beside it tell when they end, and Skeleton is stepped over. Granule positions
//! number the frames. Links one behind the other, pages that are missing or whose checksum is wrong, and
//! all other codecs are left to ffmpeg's demuxer.

mod index;
mod packets;
mod page;
mod page_run;
mod streams;
mod stretch;
mod theora;
mod unpacking;

pub(crate) use index::index;
pub(crate) use stretch::{PageStream, clocked_index};
pub(crate) use unpacking::unpacked;

/// Whether a file that starts so is one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start.starts_with(page::CAPTURE)
}

#[cfg(test)]
mod tests;
