//! The frames that come out when the whole video is decoded: slow, and true.

use super::input_options::InputOptions;
use super::packets::{file_bytes, too_many};
use crate::MediaError;
use decoder::showinfo::SHOWINFO;
use decoder::{CapturedRun, DecodedFrames, Ffmpeg, capture};
use decoder::{Invocation, JobLimits, Watchdog};
use plan::{Budget, SampleLimit};
use std::fs::File;

/// Decodes everything once, making no picture of it. What ffmpeg turns by itself goes through other
/// filter graphs than what it does not.
pub(crate) fn decode_all(
    ffmpeg: &Ffmpeg,
    input: &File,
    (stream, options): (usize, InputOptions),
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<DecodedFrames, MediaError> {
    let invocation = Invocation::new(ffmpeg, input, limits, &options.args())?
        .decoding(stream, SHOWINFO)
        .args(["-f", "null", "-"]);
    let most = SampleLimit::of(limits, file_bytes(input));
    let finished = capture(
        invocation,
        watch,
        (),
        DecodedFrames {
            most_frames: most.count,
            ..DecodedFrames::default()
        },
    )?;
    let CapturedRun {
        err: decoded,
        diagnostics,
        ..
    } = finished;
    if decoded.too_many {
        return Err(too_many(most, limits));
    }
    // What came without the memory it needs is not all there is.
    if diagnostics.lacked_memory() {
        return Err(limits.exceeded(Budget::Memory).into());
    }
    if decoded.frames.is_empty() {
        return Err(MediaError::NothingDecodes {
            detail: diagnostics.detail(),
        });
    }
    Ok(decoded)
}
