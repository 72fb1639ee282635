//! The clips that pictures are taken of where no video is given.

use crate::say;
use std::path::{Path, PathBuf};
use support::long_clips::LongClip;

/// 10 minutes, a keyframe every 2 s.
pub(crate) const GROUPS_OF_2_S: LongClip = LongClip {
    name: "1080p30-gop2",
    width: 1920,
    height: 1080,
    rate: 30,
    group: 60,
    kbps: 4880,
    segments: 5,
};

/// 10 minutes, a keyframe every 10 s.
pub(crate) const GROUPS_OF_10_S: LongClip = LongClip {
    name: "1080p30-gop10",
    group: 300,
    ..GROUPS_OF_2_S
};

/// 60 minutes, a keyframe every 4.2 s.
pub(crate) const HOUR: LongClip = LongClip {
    name: "720p24",
    width: 1280,
    height: 720,
    rate: 24,
    group: 100,
    kbps: 1400,
    segments: 30,
};

/// The clip, made now if it is not there.
pub(crate) fn path(clip: &LongClip, ffmpeg: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers-clips");
    clip.clip(ffmpeg, &folder, &mut say)
        .and_then(|path| path.canonicalize())
        .unwrap_or_else(|cause| panic!("the clip {} can't be made: {cause}", clip.name))
}
