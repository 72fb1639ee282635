//! Finds the decoder for a command.

use crate::cli::{DecoderArgs, FfmpegDownload};
use crate::console;
use crate::error::CommandError;
use decoder::{Ffmpeg, Search, locate};

/// Finds ffmpeg, and prints which one is used and what its sandbox lacks.
pub(super) fn find(arguments: &DecoderArgs) -> Result<Ffmpeg, CommandError> {
    let search = Search {
        may_download: arguments.ffmpeg_download != FfmpegDownload::Off,
        unpinned: arguments.ffmpeg_download == FfmpegDownload::Latest,
        ..Search::new(arguments.ffmpeg.clone())
    };
    let ffmpeg = locate(&search, &mut console::note)?;
    console::note(&format!("using {ffmpeg}"));
    ffmpeg.sandbox.require(arguments.require_confinement)?;
    if !ffmpeg.sandbox.missing().is_empty() {
        console::note(&format!(
            "WARNING: that ffmpeg runs {}. Use --require-confinement to refuse this",
            ffmpeg.sandbox
        ));
    }
    Ok(ffmpeg)
}
