//! The frames that come out when the whole video is decoded: slow, and true.

use super::packets::file_bytes;
use super::run::{Finished, run};
use super::shown::{self, SHOWINFO, Shown};
use crate::most::Most;
use crate::process::{Gather, Invocation, Purse, Watch};
use crate::{Budget, Ffmpeg, MediaError};
use plan::TimeBase;
use std::fs::File;

/// All frames in the order in which they come out.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
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

impl Gather for Decoded {
    fn line(&mut self, line: &str) {
        match shown::parse(line) {
            Some(Shown::Clock(clock, rate)) => {
                if self.clock.is_none() {
                    (self.clock, self.rate) = (Some(clock), rate);
                }
                if self.graphs.last() != Some(&self.frames.len()) {
                    self.graphs.push(self.frames.len());
                }
            }
            Some(Shown::Frame(_)) if self.frames.len() >= self.most_frames => {
                self.too_many = true;
            }
            Some(Shown::Frame(frame)) => {
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

/// Decodes everything once, making no picture of it.
pub(crate) fn decode_all(
    ffmpeg: &Ffmpeg,
    input: &File,
    stream: usize,
    limits: &Purse,
    watch: &mut Watch,
) -> Result<Decoded, MediaError> {
    let invocation = Invocation::new(ffmpeg, input, limits, &[])?
        .decoding(stream, SHOWINFO)
        .args(["-f", "null", "-"]);
    let most = Most::of(limits, file_bytes(input));
    let finished = run(
        invocation,
        watch,
        (),
        Decoded {
            most_frames: most.count,
            ..Decoded::default()
        },
    )?;
    let Finished {
        err: decoded,
        complaints,
        ..
    } = finished;
    if decoded.too_many {
        return Err(most.error(limits));
    }
    // What came without the memory it needs is not all there is.
    if complaints.lacked_memory() {
        return Err(MediaError::beyond(Budget::Memory, limits));
    }
    if decoded.frames.is_empty() {
        return Err(MediaError::NothingDecodes {
            detail: complaints.detail(),
        });
    }
    Ok(decoded)
}
