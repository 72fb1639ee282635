//! Which frame each raw picture is: told from what ffmpeg says of the frames it decodes.

use super::select::By;
use crate::index::shown::{self, Shown, ShownFrame};
use crate::process::Gather;
use std::sync::mpsc::SyncSender;

/// What is known of a wanted frame, or of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The next picture is the wanted frame of this place in the run.
    Wanted(usize),
    /// The next picture is none of those wanted: a frame with the same time as one of them.
    Surplus,
    /// The wanted frame of this place does not come, or not whole.
    Missed(usize),
}

/// What one run waits for, and how far it is.
#[derive(Debug)]
pub(super) struct Expected {
    by: By,
    /// Rising.
    values: Vec<i64>,
    next: usize,
    seen: i64,
    whole: bool,
}

impl Expected {
    /// `whole`: decoding begins at the start of the file, so that every frame is complete. After
    /// a seek it is complete only from the first keyframe on.
    pub(super) fn new(by: By, values: Vec<i64>, whole: bool) -> Self {
        Self {
            by,
            values,
            next: 0,
            seen: -1,
            whole,
        }
    }

    /// To be given each decoded frame in the order in which they come out.
    pub(super) fn see(&mut self, frame: &ShownFrame, mut tell: impl FnMut(Verdict)) {
        self.seen += 1;
        self.whole |= frame.key;
        let value = match self.by {
            By::Pts => frame.pts,
            By::Number => Some(self.seen),
        };
        let Some(value) = value else { return };
        while self
            .values
            .get(self.next)
            .is_some_and(|&expected| expected < value)
        {
            tell(Verdict::Missed(self.next));
            self.next += 1;
        }
        if self.values.get(self.next) == Some(&value) {
            if !self.whole {
                tell(Verdict::Missed(self.next));
            }
            tell(if self.whole {
                Verdict::Wanted(self.next)
            } else {
                Verdict::Surplus
            });
            self.next += 1;
        } else if self.values.binary_search(&value).is_ok() {
            tell(Verdict::Surplus);
        }
    }
}

/// Sends verdicts while it reads.
#[derive(Debug)]
pub(super) struct Matching<E> {
    pub(super) expected: Expected,
    /// None when all is said, so that the other end knows.
    pub(super) events: Option<SyncSender<E>>,
}

impl<E: From<Verdict> + Send + 'static> Gather for Matching<E> {
    fn line(&mut self, line: &str) {
        if let (Some(Shown::Frame(frame)), Some(events)) = (shown::parse(line), &self.events) {
            // Nobody listening means that the run is over.
            self.expected
                .see(&frame, |verdict| drop(events.send(verdict.into())));
        }
    }

    fn end(&mut self) {
        self.events = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(expected: &mut Expected, frames: &[(i64, bool)]) -> Vec<Verdict> {
        let mut told = Vec::new();
        for &(pts, key) in frames {
            let frame = ShownFrame {
                pts: Some(pts),
                width: 2,
                height: 2,
                sar: (1, 1),
                key,
                full_chroma: false,
                interlaced: false,
                storage: Default::default(),
            };
            expected.see(&frame, |verdict| told.push(verdict));
        }
        told
    }

    use Verdict::{Missed, Surplus, Wanted};

    #[test]
    fn wanted_frames_are_told_and_skipped_ones_missed() {
        let mut expected = Expected::new(By::Pts, vec![10, 20, 30], true);
        let told = verdicts(
            &mut expected,
            &[(0, true), (10, false), (21, false), (30, false)],
        );
        assert_eq!(told, [Wanted(0), Missed(1), Wanted(2)]);
    }

    #[test]
    fn after_a_seek_nothing_counts_before_a_keyframe() {
        let mut expected = Expected::new(By::Pts, vec![10, 20], false);
        let told = verdicts(
            &mut expected,
            &[(9, false), (10, false), (15, true), (20, false)],
        );
        assert_eq!(told, [Missed(0), Surplus, Wanted(1)]);
    }

    #[test]
    fn a_second_frame_of_the_same_time_is_surplus() {
        let mut expected = Expected::new(By::Pts, vec![10], true);
        assert_eq!(
            verdicts(&mut expected, &[(10, true), (10, false)]),
            [Wanted(0), Surplus]
        );
    }

    #[test]
    fn numbers_need_no_times() {
        let mut expected = Expected::new(By::Number, vec![1], true);
        assert_eq!(
            verdicts(&mut expected, &[(5, true), (5, false), (3, false)]),
            [Wanted(0)]
        );
    }
}
