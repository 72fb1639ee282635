//! Whether a frame fits the filter graph that it goes through.
//!
//! ffmpeg builds a graph for one size and one pixel format, and builds another when a frame of
//! another kind comes. A graph that gets frames it was not built for reads and writes past their
//! planes: pictures of whatever lay in memory, and crashes. So every frame is held against the
//! first one of its graph, and where one differs, nothing that comes after it is believed.

use crate::frame_info::{FormatName, FrameInfo};
use crate::showinfo::ShowinfoLine;

/// Follows what the `showinfo` filter of one run says.
#[derive(Debug, Default)]
pub(crate) struct GraphCheck {
    /// The frames that the present graph is for; none before its first.
    built_for: Option<FrameKind>,
    broken: bool,
}

type FrameKind = (u32, u32, FormatName);

impl GraphCheck {
    /// To be given each thing said, in order. Whether all frames so far fitted their graphs.
    pub(crate) fn holds(&mut self, shown: &ShowinfoLine) -> bool {
        match shown {
            // Said when a graph is built.
            ShowinfoLine::Clock(..) => self.built_for = None,
            ShowinfoLine::Frame(frame) => self.broken |= !self.fits(frame),
            ShowinfoLine::Colour(_) | ShowinfoLine::PartOfColour(_) => {}
        }
        !self.broken
    }

    fn fits(&mut self, frame: &FrameInfo) -> bool {
        let kind = (frame.width, frame.height, frame.format);
        *self.built_for.get_or_insert(kind) == kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::showinfo::parse;

    fn holds(lines: &[&str]) -> bool {
        let mut check = GraphCheck::default();
        let said = lines
            .iter()
            .map(|line| format!("[Parsed_showinfo_0 @ 0x1] {line}"));
        said.map(|line| check.holds(&parse(&line).unwrap()))
            .last()
            .unwrap()
    }

    const BUILT: &str = "config in time_base: 1/25, frame_rate: 25/1";
    const SMALL: &str = "n: 0 pts: 0 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I";
    const LARGE: &str = "n: 1 pts: 1 fmt:yuv420p sar:1/1 s:1280x720 i:P iskey:1 type:I";
    const DEEP: &str = "n: 1 pts: 1 fmt:yuv420p10le sar:1/1 s:64x48 i:P iskey:1 type:I";

    #[test]
    fn a_frame_of_another_size_or_format_needs_another_graph() {
        assert!(holds(&[BUILT, SMALL, SMALL]));
        assert!(holds(&[BUILT, SMALL, BUILT, LARGE, LARGE, BUILT, DEEP]));
        assert!(!holds(&[BUILT, SMALL, LARGE]));
        assert!(!holds(&[BUILT, SMALL, DEEP]));
    }

    #[test]
    fn nothing_counts_after_a_frame_that_did_not_fit() {
        assert!(!holds(&[BUILT, SMALL, LARGE, SMALL]));
        assert!(!holds(&[BUILT, SMALL, LARGE, BUILT, LARGE]));
    }
}
