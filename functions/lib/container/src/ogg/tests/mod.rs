//! Clips of ffmpeg's, as they are and with pages written anew.

mod changed;
mod listed;
mod pages;
mod sparse;
