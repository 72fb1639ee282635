//! Clips of ffmpeg's, as they are and changed by hand.

mod changed;
mod listed;
mod sparse;
