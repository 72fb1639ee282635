//! The first frame that comes out of the decoder: its shape, its colours and its time.

use super::showinfo::{self, SHOWINFO, ShowinfoLine};
use crate::MediaError;
use crate::frame_info::FrameInfo;
use colour::{ChromaSiting, FrameColour};
use decoder::Ffmpeg;
use decoder::{CapturedRun, capture};
use decoder::{Invocation, JobLimits, LineSink, Watchdog};
use plan::Budget;
use plan::{Size, TimeBase};
use std::fs::File;

/// What the first frame tells of all.
#[derive(Debug, Default)]
pub(crate) struct FirstFrame {
    pub(crate) clock: Option<TimeBase>,
    pub(crate) frame: Option<FrameInfo>,
    colour: Option<FrameColour>,
    chroma_is_centred: bool,
    may_interlace: bool,
}

/// Decoders of codecs whose streams may mix progressive and interlaced frames.
const MAY_INTERLACE: [&str; 6] = ["h264", "mpeg2video", "mpeg4", "vc1", "prores", "dvvideo"];

impl FirstFrame {
    /// As ffmpeg says; unspecified where it says nothing.
    pub(crate) fn colour(&self) -> FrameColour {
        self.colour.unwrap_or_default()
    }
}

impl LineSink for FirstFrame {
    fn line(&mut self, line: &str) {
        if let Some(decoder) = decoder(line) {
            self.chroma_is_centred = matches!(decoder, "mjpeg" | "mpeg1video");
            self.may_interlace = MAY_INTERLACE.contains(&decoder);
        }
        match showinfo::parse(line) {
            Some(ShowinfoLine::Clock(clock, _)) if self.clock.is_none() => self.clock = Some(clock),
            Some(ShowinfoLine::Frame(mut frame)) if self.frame.is_none() => {
                if self.chroma_is_centred {
                    frame.storage.siting = ChromaSiting::Centre;
                }
                frame.interlaced |= self.may_interlace;
                self.frame = Some(frame);
            }
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

/// Decodes from the start until one frame comes out.
pub(crate) fn decode_first(
    ffmpeg: &Ffmpeg,
    input: &File,
    stream: usize,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(FirstFrame, FrameInfo), MediaError> {
    let invocation = Invocation::new(ffmpeg, input, limits, &[])?
        .decoding(stream, SHOWINFO)
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

/// The size to show a frame at: pixels that are not square widen or narrow the picture.
pub(crate) fn display_size(frame: &FrameInfo) -> Size {
    let (num, den) = (u64::from(frame.sar.0), u64::from(frame.sar.1));
    let believable = num > 0 && den > 0 && num <= den * 8 && den <= num * 8;
    let width = u64::from(frame.width);
    let width = if believable {
        (width * num + den / 2) / den
    } else {
        width
    };
    Size {
        width: u32::try_from(width).unwrap_or(frame.width).max(1),
        height: frame.height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32, sar: (u32, u32)) -> (u32, u32) {
        let size = display_size(&FrameInfo {
            pts: None,
            width,
            height,
            sar,
            key: true,
            full_chroma: false,
            interlaced: false,
            storage: Default::default(),
            format: Default::default(),
        });
        (size.width, size.height)
    }

    #[test]
    fn pixels_that_are_not_square_change_the_width() {
        assert_eq!(size(720, 576, (64, 45)), (1024, 576));
        assert_eq!(size(1440, 1080, (4, 3)), (1920, 1080));
        assert_eq!(size(720, 480, (8, 9)), (640, 480));
    }

    #[test]
    fn unknown_and_absurd_ratios_are_ignored() {
        for sar in [(0, 1), (0, 0), (1, 0), (65_535, 1), (1, 400)] {
            assert_eq!(size(800, 640, sar), (800, 640));
        }
    }
}
