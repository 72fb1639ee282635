//! Clips of ffmpeg's, as they are and changed by hand.

mod damaged;
mod listed;
pub(in crate::flv) mod rewrite;
mod sparse;
