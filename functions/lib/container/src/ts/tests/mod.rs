//! Clips of ffmpeg's, as they are and changed by hand.

mod clocked;
mod damaged;
mod listed;
mod scrambled;
