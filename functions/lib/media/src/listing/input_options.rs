//! What ffmpeg is told of an input that it decodes: whatever its versions do differently is left to
//! us.

use super::packets::{IGNORE_EDITS, PacketListing};
use decoder::Ffmpeg;

#[derive(Debug, Clone, Copy)]
pub(crate) struct InputOptions {
    /// ffmpeg turns frames as they say.
    turns_itself: bool,
    crops_itself: bool,
    ignores_edits: bool,
}

impl InputOptions {
    pub(super) fn new(ffmpeg: &Ffmpeg, listing: &PacketListing, ignores_edits: bool) -> Self {
        Self {
            turns_itself: listing.header.turns_itself(listing.stream),
            crops_itself: ffmpeg.version.crops_as_containers_say(),
            ignores_edits,
        }
    }

    /// To come before the input.
    pub(crate) fn args(self) -> Vec<&'static str> {
        let mut args = Vec::new();
        if !self.turns_itself {
            args.push("-noautorotate");
        }
        if self.crops_itself {
            args.extend(["-apply_cropping", "codec"]);
        }
        if self.ignores_edits {
            args.extend(IGNORE_EDITS);
        }
        args
    }
}
