//! The pictures of a video: finding ffmpeg, listing a video's frames, extracting some of them.
//!
//! **Promise.** The picture of a frame is that frame, not a neighbour of it: frames are chosen
//! from a list of exact presentation times and picked by those times, never by "seek to t and
//! take what comes". What comes out of the decoder is checked against the list; where the list
//! turns out wrong, that is an error ([`MediaError::IndexUntrue`]), never another picture.
//!
//! How a video is read:
//!
//! 1. [`ffmpeg::locate`] finds a decoder. Versions from 5.1 on work alike.
//! 2. [`Video::open`] lists the packets of the file with ffmpeg's own demuxer (nothing is
//!    decoded), decodes the first frame for the shape and the colours, and makes a
//!    [`plan::Timeline`] of it. Where packets carry no or contradictory times, all frames are
//!    decoded once instead and listed as they come out.
//! 3. [`Video::extract`] groups the wanted frames into runs, each one ffmpeg that seeks to a
//!    keyframe, decodes on and lets only the wanted frames through, scaled, as raw RGB. A few
//!    runs work at once; pictures are delivered in order with bounded memory.
//!
//! **A crafted video is hostile.** Every ffmpeg runs in an empty folder with an empty
//! environment, opens this one file and no other, takes real containers only (no playlists),
//! is bounded in frame size, memory, time and silence, and never outlives the call.
//!
//! All calls block. Writing files, encoding JPEGs and choosing time points are done elsewhere.

mod bitstream;
mod colour;
mod container;
mod error;
mod extract;
mod feed;
pub mod ffmpeg;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod index;
mod limits;
mod look;
mod pixels;
mod process;
pub mod source;
mod video;

pub use error::MediaError;
pub use extract::{Picture, Stop};
pub use ffmpeg::{Ffmpeg, LocateError, Search, locate};
pub use limits::Limits;
pub use source::{FileSource, RangeSource, ReadError};
pub use video::Video;
