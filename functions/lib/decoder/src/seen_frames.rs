//! The frames of one run as its `showinfo` filter tells them, each with all that is said of it.

use crate::complaints::{calls_frame_corrupt, is_of_picture_given_up};
use crate::frame_info::FrameInfo;
use crate::graph_check::GraphCheck;
use crate::showinfo::{self, ShowinfoLine};
use crate::{Complaint, ComplaintReader};
use colour::FrameColour;

/// What is heard of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameNews {
    /// A filter graph was built.
    Graph,
    /// A frame came through it.
    Frame(SeenFrame),
}

/// A frame that went by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenFrame {
    /// What is told of it.
    pub info: FrameInfo,
    /// Unspecified where nothing is said.
    pub colour: FrameColour,
    /// It and all before it went through filters that were made for them.
    pub fits: bool,
    /// The decoder complained before. Of what, nobody knows: it may be some frames ahead. But what
    /// it says of a frame, or of those that the frame depends on, it says before the frame.
    pub suspect: bool,
    /// All that it said is that pictures are not there which are to be given up.
    pub lacks_given_up_alone: bool,
}

/// What it means that a decoder misses references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingReferences {
    /// Something is damaged: it begins where nothing refers to what came before.
    Damage,
    /// Nothing, up to the first keyframe that is told: it begins in the middle. Pictures that come
    /// first may refer to others before them, and all of those are decoded by then; those that are
    /// taken refer to none of these.
    Expected,
    /// The same of H.264 that begins at a recovery point. Frames that are decoded after it and shown
    /// before it are called corrupt as well, and none of them is taken. Of any other that is, the decoder
    /// says why.
    BeforeRecovery,
}

/// Collects the lines that belong together: a frame's colours are said after its time.
#[derive(Debug)]
pub struct SeenFrames {
    missing: MissingReferences,
    graphs: GraphCheck,
    frame: Option<SeenFrame>,
    /// What was said before is about frames that were decoded to learn what the streams are.
    is_decoding: bool,
    /// At keyframes it forgets what was said so many frames before.
    forgets_after: Option<u32>,
    reader: ComplaintReader,
    complaints: HeardComplaints,
    /// A keyframe was told.
    seen_key: bool,
}

/// Whether the decoder has complained.
#[derive(Debug, Default)]
struct HeardComplaints {
    /// Since the start, or the last keyframe where those count.
    before: bool,
    /// It said more than that a picture is not there which is to be given up.
    said_more: bool,
    /// How many frames came since the last one.
    frames_since: Option<u32>,
}

impl SeenFrames {
    /// For a run that has said nothing yet.
    #[must_use]
    pub fn new(missing: MissingReferences) -> Self {
        Self {
            missing,
            graphs: GraphCheck::default(),
            frame: None,
            is_decoding: false,
            forgets_after: None,
            reader: ComplaintReader::default(),
            complaints: HeardComplaints::default(),
            seen_key: false,
        }
    }

    /// For a run that meets keyframes on its way: what was said well before one is about frames
    /// before it. The decoder is at most `runs_ahead` frames ahead of what is told of them.
    #[must_use]
    pub fn forgetting_at_keyframes(self, runs_ahead: u32) -> Self {
        let forgets_after = Some(runs_ahead);
        Self {
            forgets_after,
            ..self
        }
    }

    /// Whether the decoder complained at all.
    #[must_use]
    pub fn has_complained(&self) -> bool {
        self.complaints.before
    }

    fn counts(&self, complaint: Complaint) -> bool {
        complaint == Complaint::Damage || self.missing == MissingReferences::Damage || self.seen_key
    }

    /// To be given each line; `tell` is given what that makes complete.
    pub fn line(&mut self, line: &str, tell: impl FnMut(FrameNews)) {
        if let Some(shown) = showinfo::parse(line) {
            self.shown(shown, tell);
        }
        // Words of the decoder may stand amid a line of the filter, too.
        self.hear(line);
    }

    fn shown(&mut self, shown: ShowinfoLine, mut tell: impl FnMut(FrameNews)) {
        let fits = self.graphs.holds(&shown);
        match shown {
            ShowinfoLine::Colour(colour) => {
                if let Some(frame) = &mut self.frame {
                    frame.colour = colour;
                }
                self.end(tell);
            }
            // Nobody knows whether more of them comes: the next frame does.
            ShowinfoLine::PartOfColour(part) => {
                if let Some(frame) = &mut self.frame {
                    frame.colour = frame.colour.with(part);
                }
            }
            ShowinfoLine::Clock(..) => {
                self.end(&mut tell);
                tell(FrameNews::Graph);
            }
            ShowinfoLine::Frame(info) => {
                self.seen_key |= info.key;
                self.end(tell);
                let HeardComplaints {
                    before,
                    said_more,
                    frames_since,
                } = &mut self.complaints;
                if let Some(runs_ahead) = self.forgets_after.filter(|_| info.key) {
                    *before = frames_since.is_some_and(|frames| frames <= runs_ahead);
                }
                *frames_since = frames_since.map(|frames| frames.saturating_add(1));
                self.frame = Some(SeenFrame {
                    info,
                    colour: FrameColour::default(),
                    fits,
                    suspect: *before,
                    lacks_given_up_alone: *before && !*said_more,
                });
            }
        }
    }

    fn hear(&mut self, line: &str) {
        let text = line.strip_prefix("[info] ").unwrap_or(line);
        self.is_decoding |= text.starts_with("Stream mapping:");
        let heard = self.reader.read(line);
        let is_expected =
            self.missing == MissingReferences::BeforeRecovery && calls_frame_corrupt(line);
        let counts = |complaint| self.is_decoding && !is_expected && self.counts(complaint);
        if heard.is_some_and(counts) {
            self.complaints = HeardComplaints {
                before: true,
                said_more: self.complaints.said_more || !is_of_picture_given_up(line),
                frames_since: Some(0),
            };
        }
    }

    /// Nothing more is said of the last frame.
    pub fn end(&mut self, mut tell: impl FnMut(FrameNews)) {
        if let Some(frame) = self.frame.take() {
            tell(FrameNews::Frame(frame));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the frame is a suspect that is told after these lines.
    fn is_suspect(missing: MissingReferences, lines: &[&str]) -> bool {
        let mut frames = SeenFrames::new(missing);
        let mut suspects = Vec::new();
        let mut tell = |news| match news {
            FrameNews::Frame(frame) => suspects.push(frame.suspect),
            FrameNews::Graph => {}
        };
        let shown = "[Parsed_showinfo_1 @ 0x1] [info] n:   0 pts:   1000 pts_time:1 pos:  1 fmt:yuv420p \
                     sar:1/1 s:160x120 i:P iskey:0 type:P checksum:1 plane_checksum:[1]";
        for line in ["Stream mapping:"].iter().chain(lines).chain([&shown]) {
            frames.line(line, &mut tell);
        }
        frames.end(tell);
        assert_eq!(suspects.len(), 1);
        suspects[0]
    }

    #[test]
    fn frames_before_a_recovery_point_are_called_corrupt_and_none_behind_it_is_suspected_for_that()
    {
        use MissingReferences::{BeforeRecovery, Damage, Expected};
        let corrupt = "[warning] pipe:0: corrupt decoded frame in stream 0";
        let suspects = [Damage, Expected, BeforeRecovery].map(|way| is_suspect(way, &[corrupt]));
        assert_eq!(suspects, [true, true, false]);
        let damage = "[h264 @ 0x1] [error] error while decoding MB 3 4, bytestream 5";
        assert!(is_suspect(BeforeRecovery, &[damage, corrupt]));
        assert!(!is_suspect(BeforeRecovery, &[]));
    }
}
