//! Shapes of pixels in DV without a container: ffmpeg shows all frames in that of the first.

use crate::parameter_sets::read_at;
use bitstream::dv::{DvFrame, HEAD_BYTES};
use std::fs::File;
use std::io;

/// From which frame on pixels have which shape, of so many frames from the start of the file.
///
/// # Errors
/// The file could not be read.
pub fn dv_aspects(file: &File, frames: usize) -> io::Result<Vec<(usize, (u32, u32))>> {
    let mut changes: Vec<(usize, (u32, u32))> = Vec::new();
    let (mut at, mut head) = (0, vec![0; HEAD_BYTES]);
    for nth in 0..frames {
        let read = read_at(file, &mut head, at)?;
        // Where frames don't follow each other, ffmpeg looks for the next one.
        let Some(frame) = DvFrame::of(&head[..read]) else {
            break;
        };
        let known = changes.last().map(|&(_, aspect)| aspect);
        changes.extend(
            frame
                .aspect
                .filter(|&aspect| known != Some(aspect))
                .map(|aspect| (nth, aspect)),
        );
        at += frame.bytes;
    }
    Ok(changes)
}
