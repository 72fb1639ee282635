//! Which frame each raw picture is: told from what ffmpeg says of the frames it decodes.

use crate::frame_info::FrameInfo;
use crate::process::LineSink;
use crate::seen_frames::{FrameNews, SeenFrame, SeenFrames};
use crate::selection::{FrameSelection, SelectBy};
use std::sync::mpsc::SyncSender;

/// What is known of a wanted frame, or of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameVerdict {
    /// The next picture is the wanted frame of this place in the run.
    Wanted(usize),
    /// The next picture is none of those wanted: a frame that the filter takes for one of them.
    Surplus,
    /// The wanted frame of this place does not come, or not whole.
    Missed(usize),
    /// A frame went through filters that were made for others: no further picture is good.
    Unfit,
}

/// What one run waits for, and how far it is.
#[derive(Debug)]
pub struct ExpectedFrames {
    selection: FrameSelection,
    /// The place of the first frame that is not settled.
    next: usize,
    /// How many frames came.
    seen: i64,
    /// How many of them went through the present filter graph.
    seen_by_graph: i64,
    whole: bool,
}

impl ExpectedFrames {
    /// `whole`: decoding begins at the start of the file, so that every frame is complete. After
    /// a seek it is complete only from the first keyframe on.
    #[must_use]
    pub fn new(selection: FrameSelection, whole: bool) -> Self {
        Self {
            selection,
            next: 0,
            seen: 0,
            seen_by_graph: 0,
            whole,
        }
    }

    /// To be told whenever a filter graph was built.
    fn begin_graph(&mut self) {
        self.seen_by_graph = 0;
    }

    /// To be given each decoded frame in the order in which they come out.
    pub fn see(&mut self, frame: &FrameInfo, mut tell: impl FnMut(FrameVerdict)) {
        let (number, number_in_graph) = (self.seen, self.seen_by_graph);
        self.seen += 1;
        self.seen_by_graph += 1;
        self.whole |= frame.key;
        let (value, compared) = match (self.selection.by, frame.pts) {
            (SelectBy::Pts, Some(pts)) => (pts, pts),
            (SelectBy::Pts, None) => return,
            (SelectBy::Number, _) => (number, number_in_graph),
        };
        let values = &self.selection.values;
        while values.get(self.next).is_some_and(|&wanted| wanted < value) {
            tell(FrameVerdict::Missed(self.next));
            self.next += 1;
        }
        let is_wanted = values.get(self.next) == Some(&value);
        let passes = self.selection.passes(compared);
        let is_good = is_wanted && passes && self.whole;
        if is_wanted && !is_good {
            tell(FrameVerdict::Missed(self.next));
        }
        if passes {
            tell(if is_good {
                FrameVerdict::Wanted(self.next)
            } else {
                FrameVerdict::Surplus
            });
        }
        self.next += usize::from(is_wanted);
    }
}

/// Sends verdicts while it reads, each with the frame that it is about or came with.
#[derive(Debug)]
pub struct FrameMatcher<E> {
    expected: ExpectedFrames,
    frames: SeenFrames,
    /// None when all is said, so that the other end knows.
    events: Option<SyncSender<E>>,
}

impl<E> FrameMatcher<E> {
    /// Whether the decoder complained at all.
    #[must_use]
    pub fn has_complained(&self) -> bool {
        self.frames.has_complained()
    }
}

impl<E: From<(FrameVerdict, SeenFrame)>> FrameMatcher<E> {
    /// For a run that has said nothing yet. `frames` are what it says, and `events` is where verdicts go.
    #[must_use]
    pub fn new(expected: ExpectedFrames, frames: SeenFrames, events: SyncSender<E>) -> Self {
        Self {
            expected,
            frames,
            events: Some(events),
        }
    }
}

/// Whether what comes after is of use.
fn judge<E: From<(FrameVerdict, SeenFrame)>>(
    expected: &mut ExpectedFrames,
    events: &SyncSender<E>,
    news: FrameNews,
) -> bool {
    // Nobody listening means that the run is over.
    let tell = |frame, verdict| drop(events.send((verdict, frame).into()));
    match news {
        FrameNews::Graph => expected.begin_graph(),
        FrameNews::Frame(frame) if !frame.fits => {
            tracing::debug!(?frame, "a frame does not fit its filters");
            tell(frame, FrameVerdict::Unfit);
            return false;
        }
        FrameNews::Frame(frame) => expected.see(&frame.info, |verdict| tell(frame, verdict)),
    }
    true
}

impl<E: From<(FrameVerdict, SeenFrame)> + Send + 'static> LineSink for FrameMatcher<E> {
    fn line(&mut self, line: &str) {
        let Some(events) = &self.events else { return };
        let mut goes_on = true;
        let expected = &mut self.expected;
        self.frames.line(line, |news| {
            goes_on = goes_on && judge(expected, events, news);
        });
        if !goes_on {
            self.events = None;
        }
    }

    fn end(&mut self) {
        if let Some(events) = self.events.take() {
            let expected = &mut self.expected;
            self.frames.end(|news| {
                judge(expected, &events, news);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen_frames::MissingReferences;
    use crate::selection::FrameNumbers;

    fn verdicts(expected: &mut ExpectedFrames, frames: &[(i64, bool)]) -> Vec<FrameVerdict> {
        let mut told = Vec::new();
        for &(pts, key) in frames {
            let frame = FrameInfo {
                pts: Some(pts),
                width: 2,
                height: 2,
                sar: (1, 1),
                key,
                full_chroma: false,
                interlaced: false,
                storage: Default::default(),
                format: Default::default(),
            };
            expected.see(&frame, |verdict| told.push(verdict));
        }
        told
    }

    use FrameVerdict::{Missed, Surplus, Unfit, Wanted};

    fn by_times(times: &[i64], whole: bool) -> ExpectedFrames {
        ExpectedFrames::new(FrameSelection::by_times(times.to_vec()), whole)
    }

    #[test]
    fn wanted_frames_are_told_and_skipped_ones_missed() {
        let mut expected = by_times(&[10, 20, 30], true);
        let told = verdicts(
            &mut expected,
            &[(0, true), (10, false), (21, false), (30, false)],
        );
        assert_eq!(told, [Wanted(0), Missed(1), Wanted(2)]);
    }

    #[test]
    fn after_a_seek_nothing_counts_before_a_keyframe() {
        let mut expected = by_times(&[10, 20], false);
        let told = verdicts(
            &mut expected,
            &[(9, false), (10, false), (15, true), (20, false)],
        );
        assert_eq!(told, [Missed(0), Surplus, Wanted(1)]);
    }

    #[test]
    fn a_second_frame_of_the_same_time_is_surplus() {
        let mut expected = by_times(&[10], true);
        assert_eq!(
            verdicts(&mut expected, &[(10, true), (10, false)]),
            [Wanted(0), Surplus]
        );
    }

    #[test]
    fn numbers_need_no_times() {
        let mut expected = ExpectedFrames::new(
            FrameSelection::by_numbers(&[1], &FrameNumbers::begun_at(&[0])),
            true,
        );
        assert_eq!(
            verdicts(&mut expected, &[(5, true), (5, false), (3, false)]),
            [Wanted(0)]
        );
    }

    struct Heard(FrameVerdict);

    impl From<(FrameVerdict, SeenFrame)> for Heard {
        fn from((verdict, _): (FrameVerdict, SeenFrame)) -> Self {
            Self(verdict)
        }
    }

    fn heard(selection: FrameSelection, lines: &[&str]) -> Vec<FrameVerdict> {
        let (events, found) = std::sync::mpsc::sync_channel::<Heard>(99);
        let frames = SeenFrames::new(MissingReferences::Damage);
        let mut matching = FrameMatcher::new(ExpectedFrames::new(selection, true), frames, events);
        for line in lines {
            matching.line(&format!("[Parsed_showinfo_0 @ 0x1] {line}"));
        }
        matching.end();
        drop(matching);
        found.iter().map(|Heard(verdict)| verdict).collect()
    }

    const BUILT: &str = "config in time_base: 1/25, frame_rate: 25/1";
    const SMALL: &str = "n: 0 pts: 0 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I";
    const LARGE: &str = "n: 0 pts: 1 fmt:yuv420p sar:1/1 s:1280x720 i:P iskey:1 type:I";

    #[test]
    fn frames_are_counted_on_where_filters_count_anew() {
        // The second frame of the first graph, and the first of the second.
        let selection = FrameSelection::by_numbers(&[1, 2], &FrameNumbers::begun_at(&[0, 2]));
        let lines = [BUILT, SMALL, SMALL, BUILT, LARGE, LARGE];
        assert_eq!(
            heard(selection, &lines),
            [Surplus, Wanted(0), Wanted(1), Surplus]
        );
    }

    #[test]
    fn a_graph_that_begins_elsewhere_than_it_was_listed_gives_no_other_frame() {
        let selection = FrameSelection::by_numbers(&[3], &FrameNumbers::begun_at(&[0, 2]));
        let lines = [BUILT, SMALL, BUILT, LARGE, LARGE, LARGE];
        assert_eq!(heard(selection, &lines), [Surplus, Missed(0)]);
    }

    #[test]
    fn a_frame_in_a_graph_that_was_built_for_others_ends_all() {
        let selection = FrameSelection::by_numbers(&[0, 1, 2], &FrameNumbers::begun_at(&[0]));
        let lines = [BUILT, SMALL, LARGE, SMALL];
        assert_eq!(heard(selection, &lines), [Wanted(0), Unfit]);
    }
}
