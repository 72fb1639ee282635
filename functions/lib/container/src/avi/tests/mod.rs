//! Clips of ffmpeg's, as they are and changed by hand.

mod damaged;
mod listed;
mod rewrite;
mod sparse;
