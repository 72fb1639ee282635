//! The frames that come out where all of a video is decoded.

use crate::showinfo::{self, ShowinfoLine};
use crate::{Complaint, LineSink, complaint};
use plan::TimeBase;

/// All frames in the order in which they come out.
#[derive(Debug, Default)]
pub struct DecodedFrames {
    /// Of their times.
    pub clock: Option<TimeBase>,
    /// Frames per second.
    pub rate: Option<f64>,
    /// As they came.
    pub frames: Vec<DecodedFrame>,
    /// The frame that each filter graph begins with: the first, and each that is of another size
    /// or format than the one before.
    pub graphs: Vec<usize>,
    /// More are not kept.
    pub most_frames: usize,
    /// There are.
    pub too_many: bool,
    /// The decoder spoke of damage.
    pub has_complained: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodedFrame {
    /// Presentation time, ticks.
    pub pts: Option<i64>,
    /// It is a keyframe.
    pub key: bool,
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
            Some(_) => {}
            None => self.has_complained |= complaint(line) == Some(Complaint::Damage),
        }
    }

    fn is_full(&self) -> bool {
        self.too_many
    }
}
