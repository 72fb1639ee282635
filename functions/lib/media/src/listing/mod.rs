//! What ffmpeg says of a video: its packets, its frames, and the timeline that comes of them.

mod aspects;
mod decoded;
mod edits;
pub(crate) mod first_frame;
pub(crate) mod input_options;
mod listed_video;
mod local_file;
pub(crate) mod orientation;
pub(crate) mod packets;
mod scrambled;
pub(crate) mod timeline;

pub(crate) use listed_video::{ListedVideo, PacketTimes};
pub(crate) use local_file::LocalFile;
