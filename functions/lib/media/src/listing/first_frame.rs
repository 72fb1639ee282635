//! The first frame that comes out of the decoder: its shape, its colours and its time.

use super::input_options::InputOptions;
use crate::MediaError;
use crate::frame_format::FrameFormat;
use crate::track_traits::TrackTraits;
use colour::FrameColour;
use decoder::Ffmpeg;
use decoder::FrameInfo;
use decoder::showinfo::{self, SHOWINFO, ShowinfoLine};
use decoder::{CapturedRun, ComplaintCounts, PacketListing, capture};
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
    /// Others of its time came before it: what is listed by packets lacks them.
    pub(crate) is_one_of_several: bool,
    /// A frame of another time came.
    is_over: bool,
}

/// Decoders of codecs that put chroma in the middle between luma samples.
const CENTRED_CHROMA: &[&str] = &["mjpeg", "mpeg1video", "h263", "theora"];

/// Decoders of codecs whose streams may mix progressive and interlaced frames.
const MAY_INTERLACE: [&str; 6] = ["h264", "mpeg2video", "mpeg4", "vc1", "prores", "dvvideo"];

impl FirstFrame {
    /// Of `frame`, the first one of a track with `traits`. Its colours are unspecified where ffmpeg
    /// says nothing.
    pub(crate) fn format(&self, frame: &FrameInfo, traits: &TrackTraits) -> FrameFormat {
        FrameFormat::new(frame, self.colour.unwrap_or_default(), traits)
    }
}

impl FirstFrame {
    /// Of several frames of the first time the last is shown.
    fn see(&mut self, frame: FrameInfo) {
        let known = self.frame.as_ref();
        let is_another = known.is_some_and(|known| known.pts.is_none() || known.pts != frame.pts);
        self.is_over |= is_another;
        if !self.is_over {
            self.is_one_of_several |= known.is_some();
            self.frame = Some(frame);
            self.colour = None;
        }
    }
}

/// How many frames there may be of the first time.
fn most_frames(codec: &str) -> &'static str {
    // Its spatial layers are frames of their own, up to eight in a packet.
    if codec == "vp9" { "8" } else { "1" }
}

impl LineSink for FirstFrame {
    fn line(&mut self, line: &str) {
        if let Some(decoder) = decoder(line) {
            self.traits.chroma_is_centred = CENTRED_CHROMA.contains(&decoder);
            self.traits.may_interlace = MAY_INTERLACE.contains(&decoder);
        }
        self.is_decoding |= line.contains("Stream mapping:");
        if self.is_decoding && self.frame.is_none() {
            self.complaints.count(line);
        }
        match showinfo::parse(line) {
            Some(ShowinfoLine::Clock(clock, _)) if self.clock.is_none() => self.clock = Some(clock),
            Some(ShowinfoLine::Frame(frame)) => self.see(frame),
            Some(ShowinfoLine::Colour(colour)) if !self.is_over => self.colour = Some(colour),
            Some(ShowinfoLine::PartOfColour(part)) if !self.is_over => {
                self.colour = Some(self.colour.unwrap_or_default().with(part));
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

/// Decodes from the start until one frame comes out.
pub(crate) fn decode_first(
    ffmpeg: &Ffmpeg,
    input: &File,
    listing: &PacketListing,
    options: InputOptions,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(FirstFrame, FrameInfo), MediaError> {
    let invocation = Invocation::new(ffmpeg, input, limits, &options.args())?
        .decoding(listing.stream, SHOWINFO)
        .args(["-frames:v", most_frames(&listing.codec), "-f", "null", "-"]);
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
