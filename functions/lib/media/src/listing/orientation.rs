//! How a video itself says that its pictures are to be turned, in containers that may say it too.
//! Decoders tell it of some pictures only, and ffmpeg 9 gives none where both say it. As where the
//! video is cut, it goes before what the container says.

use bitstream::orientation_matrix;
use decoder::{
    CapturedRun, DecoderError, Ffmpeg, Invocation, JobLimits, TracedOrientation, Watchdog, capture,
};
use plan::QuarterTurn;
use std::fs::File;

/// Who turns the pictures of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turning {
    /// ffmpeg, as the container says.
    Ffmpeg,
    /// We.
    Own,
    /// We, and ffmpeg is not to see what the video says of it: with what the container says, its
    /// filters take no frame.
    OwnUnseen(&'static str),
}

impl Turning {
    /// Of a video in a container that tells turns, which does so itself as well.
    pub(super) fn of_both(ffmpeg: &Ffmpeg, codec: &str) -> Self {
        match codec {
            _ if !ffmpeg.version.filters_input() => Self::Own,
            "h264" => Self::OwnUnseen("h264_metadata=display_orientation=remove"),
            // All of these messages; none of the others is needed to decode.
            "hevc" => Self::OwnUnseen("filter_units=remove_types=39"),
            _ => Self::Own,
        }
    }

    /// Options for the input.
    pub(crate) fn options(&self) -> Vec<&'static str> {
        match *self {
            Self::Ffmpeg => Vec::new(),
            Self::Own => vec!["-noautorotate"],
            Self::OwnUnseen(filter) => vec!["-noautorotate", "-bsf:v", filter],
        }
    }
}

/// As the first packet says, which begins the coded sequence; none where it does not.
///
/// # Errors
/// Those of which another run would be no better.
pub(super) fn coded_turn(
    ffmpeg: &Ffmpeg,
    input: &File,
    (stream, codec): (usize, &str),
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<Option<QuarterTurn>, DecoderError> {
    let Some(filter) = filter(codec) else {
        return Ok(None);
    };
    let map = format!("0:{stream}");
    let invocation = Invocation::new(ffmpeg, input, limits, &[])?;
    let invocation = invocation.args(["-map", &map, "-c", "copy", "-frames:v", "1"]);
    let invocation = invocation.args(["-bsf:v", filter, "-f", "null", "-"]);
    match capture(invocation, watch, (), TracedOrientation::default()) {
        Ok(CapturedRun { err, .. }) => {
            let matrix = err
                .message()
                .and_then(|message| orientation_matrix(&message));
            Ok(matrix.and_then(|matrix| QuarterTurn::of(&matrix)))
        }
        Err(error @ DecoderError::Stopped) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "what the video says of turning stays unknown");
            Ok(None)
        }
    }
}

/// Lets the messages through that may tell it, and spells them out.
fn filter(codec: &str) -> Option<&'static str> {
    match codec {
        "h264" => Some("h264_mp4toannexb,filter_units=pass_types=6,trace_headers"),
        "hevc" => Some("hevc_mp4toannexb,filter_units=pass_types=39,trace_headers"),
        _ => None,
    }
}
