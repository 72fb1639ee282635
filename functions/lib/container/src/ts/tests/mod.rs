//! Clips of ffmpeg's, as they are and changed by hand.

mod changed;
mod clocked;
mod damaged;
mod listed;
mod packets;
mod scrambled;
