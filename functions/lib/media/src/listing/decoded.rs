//! The frames that come out when the whole video is decoded: slow, and true.

use super::input_options::InputOptions;
use super::packets::{file_bytes, too_many};
use crate::MediaError;
use decoder::Ffmpeg;
use decoder::showinfo::{self, SHOWINFO, ShowinfoLine};
use decoder::{CapturedRun, capture};
use decoder::{Invocation, JobLimits, LineSink, Watchdog};
use plan::Budget;
use plan::SampleLimit;
use plan::TimeBase;
use std::fs::File;

/// All frames in the order in which they come out.
#[derive(Debug, Default)]
pub(crate) struct DecodedFrames {
    pub(crate) clock: Option<TimeBase>,
    pub(crate) rate: Option<f64>,
    pub(crate) frames: Vec<DecodedFrame>,
    /// The frame that each filter graph begins with: the first, and each that is of another size
    /// or format than the one before.
    pub(crate) graphs: Vec<usize>,
    /// More are not kept.
    pub(crate) most_frames: usize,
    pub(crate) too_many: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DecodedFrame {
    pub(crate) pts: Option<i64>,
    pub(crate) key: bool,
}

impl LineSink for DecodedFrames {
    fn line(&mut self, line: &str) {
        match showinfo::parse(line) {
            Some(ShowinfoLine::Clock(clock, rate)) => {
                if self.clock.is_none() {
                    (self.clock, self.rate) = (Some(clock), rate);
                }
                if self.graphs.last() != Some(&self.frames.len()) {
                    self.graphs.push(self.frames.len());
                }
            }
            Some(ShowinfoLine::Frame(_)) if self.frames.len() >= self.most_frames => {
                self.too_many = true;
            }
            Some(ShowinfoLine::Frame(frame)) => {
                self.frames.push(DecodedFrame {
                    pts: frame.pts,
                    key: frame.key,
                });
            }
            _ => {}
        }
    }

    fn is_full(&self) -> bool {
        self.too_many
    }
}

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
