//! The clips that pictures are taken of where no video is given, in their place.

use crate::say;
use std::path::{Path, PathBuf};
use support::long_clips::LongClip;

/// The clip, made now if it is not there.
pub(crate) fn path(clip: &LongClip, ffmpeg: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers-clips");
    clip.clip(ffmpeg, &folder, &mut say)
        .and_then(|path| path.canonicalize())
        .unwrap_or_else(|cause| panic!("the clip {} can't be made: {cause}", clip.name))
}
