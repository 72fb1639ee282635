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
//! 2. [`Video::open_source`] reads the index of an MP4 or a Matroska file by ranges, without a
//!    decoder, and makes a [`plan::Timeline`] of it.
//! 3. [`Video::extract`] cuts ([`plan::cut`]): it fetches the coded samples that the wanted
//!    pictures need and no others, checks in their own bytes that decoding can start where the
//!    index says so, leaves out what no other picture refers to, and feeds the rest as one
//!    stream to the stdin of as many decoders as there are processors. Times of our choice mark
//!    the wanted pictures in that stream.
//!
//! What cannot be cut (other containers, encryption, several sample descriptions, an index that
//! contradicts itself or its file) is listed by ffmpeg's own demuxer instead. Its frames are
//! reached by runs of one ffmpeg each, which seeks to a keyframe, decodes on and lets only the
//! wanted frames through; near frames share a run where decoding on costs less than another
//! start. Where packets carry no or contradictory times, all frames are decoded once and listed
//! as they come out. All ways give the same pictures.
//!
//! **A crafted video is hostile.** Every ffmpeg runs in an empty folder with an empty
//! environment, is given one open file or none, takes real containers only (no playlists), is bounded in
//! frame size, memory, time and silence, and never outlives the call.
//!
//! All calls block. Writing files, encoding JPEGs and choosing time points are done elsewhere.

mod bitstream;
mod budget;
mod colour;
mod container;
mod error;
mod extract;
mod feed;
pub mod ffmpeg;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod headers;
mod index;
mod limits;
mod look;
mod most;
mod pixels;
mod process;
pub mod source;
mod stalls;
mod temporary;
mod until;
mod video;

pub use budget::{Budget, NoSetting, Setting};
pub use error::MediaError;
pub use extract::{Form, Picture, Stop, Target};
pub use ffmpeg::{Ffmpeg, LocateError, Search, locate};
pub use limits::Limits;
pub use process::malloc::share_heaps;
pub use process::sandbox::{Confinement, Files, Level, NoLevel, Unconfined, close_to_others};
pub use source::{FileSource, PinnedFile, RangeSource, ReadError};
pub use stalls::{Stalled, Stalls};
pub use temporary::{Folder as TemporaryFolder, remove_leftovers};
pub use until::Until;
pub use video::Video;
