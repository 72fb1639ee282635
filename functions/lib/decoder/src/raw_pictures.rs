//! Raw pictures from a pipe.

use crate::process::Activity;
use std::io::{self, Read};

/// Gives `each` picture of so many `bytes` to `take` until that says no more, or the pipe ends.
/// Half a picture at the end is none.
pub fn read_pictures(
    mut pipe: impl Read,
    bytes: usize,
    activity: &Activity,
    mut take: impl FnMut(Vec<u8>) -> bool,
) {
    loop {
        let mut pixels = vec![0; bytes];
        let mut filled = 0;
        while filled < bytes {
            match pipe.read(&mut pixels[filled..]) {
                Ok(0) => return,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
            activity.made();
        }
        if !take(pixels) {
            return;
        }
    }
}
