//! MPEG program streams: ISO/IEC 13818-1, 2.5, and ISO/IEC 11172-1.
//!
//! Of those of one video in MPEG-1, MPEG-2, H.264 or HEVC there is an index, of all packets or of the
//! stretches around the wanted times. Packets hold any part of the video: pictures are told apart by
//! its start codes. All others are left to ffmpeg's demuxer.

mod coding;
mod index;
mod packets;
mod program;
mod program_map;
mod sound;
mod stretch;
mod times;
mod units;
mod unpacking;
mod video;

pub(crate) use index::index;
pub(crate) use stretch::{ProgramStream, clocked_index};
pub(crate) use unpacking::unpacked;

/// Whether a file that starts so is one: with the header of a pack.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start.starts_with(&[0, 0, 1, packets::PACK])
}

#[cfg(test)]
mod tests;
