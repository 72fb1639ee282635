//! A program that passes for an ffmpeg, and does something else where it is told to.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use decoder::{Ffmpeg, Search, locate};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

/// The real ffmpeg, but for what the shell lines `script` do in its place before.
///
/// # Panics
/// It does not pass for an ffmpeg.
#[must_use]
pub fn impostor(real: &Ffmpeg, folder: &Path, script: &str) -> Ffmpeg {
    let path = folder.join("ffmpeg");
    let real = real.path.display();
    let text = format!("#!/bin/sh\n{script}\nexec {real} \"$@\"\n");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    // While another test starts a process, that holds the script open for writing for a moment.
    let found = (0..100).find_map(|_| {
        let found = locate(&Search::new(Some(path.clone())), &mut |_| {});
        found
            .inspect_err(|_| std::thread::sleep(Duration::from_millis(50)))
            .ok()
    });
    found.expect("the script passes for an ffmpeg")
}
