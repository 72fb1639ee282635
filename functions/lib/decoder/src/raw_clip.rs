//! Pictures that are to become one file.

use plan::Size;
use std::fs::File;

/// Pictures in a row, each shown as long.
#[derive(Debug)]
pub struct RawClip<'a> {
    /// RGB of all of them, 8 bits each, rows from the top, without gaps.
    pub file: &'a File,
    /// Of each.
    pub size: Size,
    /// In 1000 s.
    pub frames_per_1000_s: u32,
    /// How many there are.
    pub frames: usize,
}
