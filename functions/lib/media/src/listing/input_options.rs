//! What ffmpeg is told of an input that it decodes: whatever its versions do differently is left to
//! us.

use super::orientation::Turning;
use super::packets::IGNORE_EDITS;
use decoder::Ffmpeg;

#[derive(Debug, Clone, Copy)]
pub(crate) struct InputOptions {
    turning: Turning,
    crops_itself: bool,
    ignores_edits: bool,
}

impl InputOptions {
    pub(super) fn new(ffmpeg: &Ffmpeg, turning: Turning, ignores_edits: bool) -> Self {
        Self {
            turning,
            crops_itself: ffmpeg.version.crops_as_containers_say(),
            ignores_edits,
        }
    }

    /// To come before the input.
    pub(crate) fn args(self) -> Vec<&'static str> {
        let mut args = self.turning.options();
        if self.crops_itself {
            args.extend(["-apply_cropping", "codec"]);
        }
        if self.ignores_edits {
            args.extend(IGNORE_EDITS);
        }
        args
    }
}
