//! What a long clip is stored in.

use super::edit_list;
use std::io;
use std::path::Path;
use std::process::Command;

/// A container, and what is unusual about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// The index in front.
    Mp4,
    /// The edit list shows the first half, and goes on one segment after it.
    Mp4OfTwoEdits,
    /// One frame has the time of another.
    MatroskaWithRepeatedTime,
    /// The codec is called as Xvid calls it.
    AviOfXvid,
    Flv,
    MpegTs,
}

impl Container {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Mp4 | Self::Mp4OfTwoEdits => "mp4",
            Self::MatroskaWithRepeatedTime => "mkv",
            Self::AviOfXvid => "avi",
            Self::Flv => "flv",
            Self::MpegTs => "ts",
        }
    }

    /// Segments that are stored and never shown.
    pub(super) fn hidden_segments(self) -> u32 {
        u32::from(self == Self::Mp4OfTwoEdits)
    }

    /// Has `command` write samples into it, `rate` a second.
    pub(super) fn arguments(self, rate: u32, command: &mut Command) {
        match self {
            Self::Mp4 => command.args(["-movflags", "+faststart"]),
            // Nothing lies behind the index, so it may grow.
            Self::Mp4OfTwoEdits => command.args(["-movflags", "-faststart"]),
            Self::MatroskaWithRepeatedTime => {
                command.args(["-bsf:v", r"setts=pts=if(eq(N\,1000)\,PREV_OUTPTS\,PTS)"])
            }
            // Without the rate, every second chunk is empty.
            Self::AviOfXvid => command.args(["-vtag", "XVID", "-r", &rate.to_string()]),
            Self::Flv | Self::MpegTs => command,
        };
    }

    /// What ffmpeg can't write: the rest of the work on a file of so many s.
    pub(super) fn finish(self, path: &Path, shown_s: u32, hidden_s: u32) -> io::Result<()> {
        match self {
            Self::Mp4OfTwoEdits => edit_list::split(path, shown_s / 2, hidden_s),
            _ => Ok(()),
        }
    }
}
