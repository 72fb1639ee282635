//! Clips, kept for the next time.

use decoder::Ffmpeg;
use std::path::{Path, PathBuf};
use support::long_clips::LongClip;

pub(crate) fn of(clip: &LongClip, ffmpeg: &Ffmpeg) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    let mut say = |line: &str| println!("{line}");
    clip.clip(&ffmpeg.path, &folder, &mut say).unwrap()
}
