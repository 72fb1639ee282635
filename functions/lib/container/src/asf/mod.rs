//! ASF, of which WMV is made: Advanced Systems Format Specification, revision 01.20.03.
//!
//! All data packets have one length, so that each is found by its number. Of a short file all of them
//! are read, of a long one those around the wanted times. What is read here is Motion JPEG, Microsoft's
//! MPEG-4 and Windows Media Video 7 to 9 without B pictures.

mod aspect;
mod data_packet;
mod fields;
mod file_header;
mod index;
mod media_object;
mod object_run;
mod pace;
mod sound;
mod stream_header;
mod stretch;
mod unpacking;

pub(crate) use index::index;
pub(crate) use stretch::{PacketStream, clocked_index};
pub(crate) use unpacking::unpacked;

/// Whether a file that starts so is one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    fields::HEADER.starts_with(start)
}

#[cfg(test)]
mod tests;
