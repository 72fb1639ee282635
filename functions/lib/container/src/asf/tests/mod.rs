//! Clips of ffmpeg's, as they are and changed by hand.

mod changed;
mod decoded;
mod listed;
mod sparse;
