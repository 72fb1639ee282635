//! The pictures of a video: listing a video's frames, extracting some of them.
//!
//! **Promise.** The picture of a frame is that frame, not a neighbour of it: frames are chosen
//! from a list of exact presentation times and picked by those times, never by "seek to t and
//! take what comes". What comes out of the decoder is checked against the list; where the list
//! turns out wrong, that is an error ([`MediaError::IndexMismatch`]), never another picture.
//!
//! How a video is read:
//!
//! 1. [`decoder::locate`] finds a decoder. Versions from 5.1 on work alike.
//! 2. [`Video::open_source`] reads the index of an MP4 or a Matroska file by ranges, without a
//!    decoder, and makes a [`plan::Timeline`] of it.
//! 3. [`Video::extract`] cuts ([`plan::cut`]): it fetches the coded samples that the wanted
//!    pictures need and no others, checks in their own bytes that decoding can start where the
//!    index says so, leaves out what no other picture refers to, and feeds the rest as one
//!    stream to the stdin of as many decoders as there are processors. Times of our choice mark
//!    the wanted pictures in that stream.
//!
//! What cannot be cut (other containers, encryption, an index that contradicts itself or its file) is listed by ffmpeg's own demuxer instead. Its frames are
//! reached by runs of one ffmpeg each, which seeks to a keyframe, decodes on and lets only the
//! wanted frames through; near frames share a run where decoding on costs less than another
//! start. Where packets carry no or contradictory times, all frames are decoded once and listed
//! as they come out. All ways give the same pictures.
//!
//! **Not here.** Writing files, encoding JPEGs and choosing time points. All calls block.
//!
//! ```no_run
//! use decoder::{Search, locate};
//! use media::Video;
//! use plan::Limits;
//! use std::path::Path;
//!
//! let (ffmpeg, limits) = (locate(&Search::new(None), &mut |_| {})?, Limits::default());
//! let video = Video::open(&ffmpeg, Path::new("clip.mp4"), &limits)?;
//! let frame = video.timeline().shown_at(1500);
//! video.extract(&ffmpeg, &[frame], video.display(), &limits, &mut |picture| {
//!     println!("{} bytes of RGB", picture.pixels.len());
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cut;
mod error;
mod frame_format;
mod frame_limits;
mod listing;
#[cfg(feature = "packet-list")]
pub mod packet_list;
mod picture;
mod seek;
mod sps;
mod suspects;
mod track_traits;
mod video;

pub use colour::PixelLayout;
pub use container::TrackExcerpt;
#[cfg(feature = "fuzz")]
pub use cut::fuzz::fed_stream;
pub use error::MediaError;
pub use picture::{Picture, PictureFormat, SinkClosed};
pub use video::Video;
