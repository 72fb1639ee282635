//! The first frame that comes out of the decoder: its shape, its colours and its time.

use super::packets::PacketListing;
use super::showinfo::{self, SHOWINFO, ShowinfoLine};
use crate::MediaError;
use crate::frame_format::FrameFormat;
use crate::frame_info::FrameInfo;
use crate::track_traits::TrackTraits;
use colour::FrameColour;
use decoder::Ffmpeg;
use decoder::{CapturedRun, ComplaintCounts, capture};
use decoder::{Invocation, JobLimits, LineSink, Watchdog};
use plan::Budget;
use plan::TimeBase;
use std::fs::File;

/// What the first frame tells.
#[derive(Debug, Default)]
pub(crate) struct FirstFrame {
    pub(crate) clock: Option<TimeBase>,
    pub(crate) frame: Option<FrameInfo>,
    colour: Option<FrameColour>,
    pub(crate) traits: TrackTraits,
    /// What the decoder complained of before the frame came.
    pub(crate) complaints: ComplaintCounts,
    /// What was said before is about frames that were decoded to learn what the streams are.
    is_decoding: bool,
}

/// Decoders of codecs whose streams may mix progressive and interlaced frames.
const MAY_INTERLACE: [&str; 6] = ["h264", "mpeg2video", "mpeg4", "vc1", "prores", "dvvideo"];

impl FirstFrame {
    /// Of `frame`, the first one of a track with `traits`. Its colours are unspecified where ffmpeg
    /// says nothing.
    pub(crate) fn format(&self, frame: &FrameInfo, traits: &TrackTraits) -> FrameFormat {
        FrameFormat::new(frame, self.colour.unwrap_or_default(), traits)
    }
}

impl LineSink for FirstFrame {
    fn line(&mut self, line: &str) {
        if let Some(decoder) = decoder(line) {
            self.traits.chroma_is_centred = matches!(decoder, "mjpeg" | "mpeg1video");
            self.traits.may_interlace = MAY_INTERLACE.contains(&decoder);
        }
        self.is_decoding |= line.contains("Stream mapping:");
        if self.is_decoding && self.frame.is_none() {
            self.complaints.count(line);
        }
        match showinfo::parse(line) {
            Some(ShowinfoLine::Clock(clock, _)) if self.clock.is_none() => self.clock = Some(clock),
            Some(ShowinfoLine::Frame(frame)) if self.frame.is_none() => self.frame = Some(frame),
            Some(ShowinfoLine::Colour(colour)) => {
                self.colour.get_or_insert(colour);
            }
            _ => {}
        }
    }
}

/// What is decoded: `Stream #0:0 -> #0:0 (mjpeg (native) -> ...`. Old versions say no more of
/// where chroma lies, and none says what later frames will be.
fn decoder(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" -> #0:0 (")?;
    rest.split([' ', ')']).next()
}

/// Options for an input whose pictures ffmpeg is to turn, or to leave as they are.
pub(crate) fn no_turn(turns_itself: bool) -> &'static [&'static str] {
    match turns_itself {
        true => &[],
        false => &["-noautorotate"],
    }
}

/// Decodes from the start until one frame comes out.
pub(crate) fn decode_first(
    ffmpeg: &Ffmpeg,
    input: &File,
    listing: &PacketListing,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(FirstFrame, FrameInfo), MediaError> {
    let upright = no_turn(listing.header.turns_itself());
    let invocation = Invocation::new(ffmpeg, input, limits, upright)?
        .decoding(listing.stream, SHOWINFO)
        .args(["-frames:v", "1", "-f", "null", "-"]);
    let finished = capture(invocation, watch, (), FirstFrame::default())?;
    let CapturedRun {
        err: first,
        diagnostics,
        ..
    } = finished;
    match first.frame {
        Some(frame) => Ok((first, frame)),
        None if diagnostics.lacked_memory() => Err(limits.exceeded(Budget::Memory).into()),
        None => Err(MediaError::NothingDecodes {
            detail: diagnostics.detail(),
        }),
    }
}
