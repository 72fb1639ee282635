//! What a job is divided into, and what comes of its parts.

use crate::model::UnixMs;
use crate::pictures::Checkpoint;
use crate::text::hex;
use artifacts::manifest::SheetEntry;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ops::Range;

/// How often a job is divided. Files are numbered without holes: where frames give no picture, what
/// comes after the first of them is divided anew, and does not come to an end where others go on
/// turning up.
pub(super) const MOST_DIVISIONS: u32 = 3;

/// Why it is not divided once more.
const LEARNT_EACH_TIME: &str =
    "divided three times, and each time more frames gave no picture than were known of";

/// Bytes of the hash that tells divisions apart.
const ID_BYTES: usize = 8;

/// One division of a job, kept as an object until it has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Division {
    /// Which of our versions, and which decoder: others may choose other frames.
    pub(super) made_by: String,
    /// What was done and learnt before, but for the pictures.
    pub(super) learnt: Checkpoint,
    /// The shots of each part.
    pub(super) parts: Vec<Range<usize>>,
    /// How many parts may be on the queue or in hand.
    pub(super) at_once: u32,
    /// When it was made.
    pub(super) made_ms: UnixMs,
}

impl Division {
    /// The same for whoever divides the same job in the same way.
    pub(super) fn id(&self) -> String {
        let same = (&self.made_by, &self.learnt, &self.parts);
        let text = serde_json::to_vec(&same).unwrap_or_default();
        hex(&Sha256::digest(text)[..ID_BYTES])
    }

    /// All shots of all parts.
    pub(super) fn shots(&self) -> usize {
        self.parts.iter().map(Range::len).sum()
    }

    /// What a part begins with that nobody has begun.
    pub(super) fn begin(&self) -> Checkpoint {
        Checkpoint {
            written: Default::default(),
            usage: Default::default(),
            ..self.learnt.clone()
        }
    }

    /// Whether this was done of the file that was divided, with the content that it had.
    pub(super) fn is_of_its_file(&self, done: &Checkpoint) -> bool {
        let facts = (self.learnt.facts.as_ref(), done.facts.as_ref());
        let same = matches!(facts, (Some(own), Some(of)) if own.are_those_of(of));
        same && self.learnt.source == done.source
    }

    /// Whether a part has come to its end with this: all of its shots are there, or something was
    /// learnt that changes what they are.
    pub(super) fn is_whole(&self, number: usize, done: &Checkpoint) -> bool {
        let shots = self.parts.get(number).cloned().unwrap_or_default();
        self.teaches(done)
            || shots
                .into_iter()
                .all(|shot| done.pictures.contains_key(&shot))
    }

    pub(super) fn teaches(&self, done: &Checkpoint) -> bool {
        done.relists > self.learnt.relists || !done.damaged.is_subset(&self.learnt.damaged)
    }

    /// The numbers of the parts that may be begun once these are done.
    pub(super) fn next(&self, done: &BTreeSet<u32>) -> Vec<u32> {
        let is_done = |number: u32| done.contains(&number);
        let is_begun = |number: u32| match number.checked_sub(self.at_once) {
            None => true,
            Some(before) => is_done(before),
        };
        let open = |number: &u32| !is_done(*number) && is_begun(*number);
        self.numbers().filter(open).collect()
    }

    /// Whether these are all parts.
    pub(super) fn is_all(&self, done: &BTreeSet<u32>) -> bool {
        self.numbers().all(|number| done.contains(&number))
    }

    pub(super) fn numbers(&self) -> Range<u32> {
        0..u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }

    /// The numbers of the parts that these shots lie in.
    pub(super) fn of_shots(&self, shots: &Range<usize>) -> impl Iterator<Item = u32> {
        let lie_in = |part: &Range<usize>| part.start < shots.end && shots.start < part.end;
        let parts = self.numbers().zip(&self.parts);
        parts.filter_map(move |(number, part)| lie_in(part).then_some(number))
    }

    /// What is done once these parts are, as far as they are of the same file, and the `sheets` that lie in
    /// several of them, beside what was done `before`. From the first part on that learnt something,
    /// files have other numbers.
    pub(super) fn joined(
        &self,
        before: Checkpoint,
        parts: impl IntoIterator<Item = (usize, Checkpoint)>,
        sheets: Vec<SheetEntry>,
    ) -> Checkpoint {
        let mut joined = before;
        let mut valid = usize::MAX;
        let of_its_file = |(_, part): &(usize, Checkpoint)| self.is_of_its_file(part);
        for (number, part) in parts.into_iter().filter(of_its_file) {
            if self.teaches(&part) {
                let first = self.parts.get(number).map_or(0, |shots| shots.start);
                valid = valid.min(first);
            }
            joined.add(part);
        }
        joined.add(Checkpoint {
            sheets,
            ..Checkpoint::default()
        });
        // What is not on a whole sheet by now is taken again.
        joined.strips.clear();
        joined.divisions = joined.divisions.saturating_add(1);
        if valid != usize::MAX && joined.divisions >= MOST_DIVISIONS {
            joined.one_run_reason = Some(LEARNT_EACH_TIME.to_owned());
        }
        joined.forget_from(valid);
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VideoInfo;
    use artifacts::manifest::PictureEntry;

    fn division() -> Division {
        Division {
            made_by: "1".to_owned(),
            learnt: of_file("one"),
            parts: vec![0..3, 3..6, 6..7],
            at_once: 2,
            made_ms: 5,
        }
    }

    fn of_file(source: &str) -> Checkpoint {
        let facts = VideoInfo {
            duration_ms: 7000,
            width: 64,
            height: 36,
            frame_rate: 25.0,
            codec: "h264".to_owned(),
            size_bytes: 9,
            content: None,
        };
        Checkpoint {
            source: Some(source.to_owned()),
            facts: Some(facts),
            ..Checkpoint::default()
        }
    }

    fn done(shots: Range<usize>) -> Checkpoint {
        let entry = |shot: usize| PictureEntry {
            index: shot as u32 + 1,
            requested_ms: 0,
            repeats: None,
            presentation_us: 0,
            key: None,
            width: 1,
            height: 1,
            bytes: 0,
            damaged: false,
            sheet: None,
            cell: None,
        };
        let mut done = of_file("one");
        done.pictures = shots.map(|shot| (shot, entry(shot))).collect();
        done
    }

    #[test]
    fn the_same_division_has_the_same_id_whoever_makes_it() {
        let later = Division {
            made_ms: 6,
            at_once: 9,
            ..division()
        };
        assert_eq!(later.id(), division().id());
        let other = Division {
            made_by: "2".to_owned(),
            ..division()
        };
        assert_ne!(other.id(), division().id());
        assert_eq!(other.id().len(), 16);
    }

    #[test]
    fn a_part_is_begun_once_one_before_it_is_done() {
        let division = division();
        let next = |done: &[u32]| division.next(&done.iter().copied().collect());
        assert_eq!(next(&[]), [0, 1]);
        assert_eq!(next(&[1]), [0]);
        assert_eq!(next(&[0]), [1, 2]);
        assert!(next(&[0, 1, 2]).is_empty());
        assert!(division.is_all(&[0, 1, 2].into()) && !division.is_all(&[0, 2].into()));
    }

    #[test]
    fn parts_are_joined_to_what_one_run_would_have_done() {
        let division = division();
        let parts = [(0, done(0..3)), (1, done(3..6)), (2, done(6..7))];
        assert!(parts.iter().all(|(n, part)| division.is_whole(*n, part)));
        assert!(!division.is_whole(1, &done(3..5)));
        let joined = division.joined(of_file("one"), parts, Vec::new());
        assert_eq!(joined.pictures.len(), 7);
        assert_eq!(joined.divisions, 1);
    }

    /// Later files would have had the numbers of others.
    #[test]
    fn parts_behind_a_frame_that_gives_no_picture_count_as_done() {
        let division = division();
        let mut hole = of_file("one");
        hole.damaged.insert(40);
        assert!(division.is_whole(1, &hole));
        let joined = division.joined(
            of_file("one"),
            [(2, done(6..7)), (1, hole), (0, done(0..3))],
            Vec::new(),
        );
        assert_eq!(joined.pictures.len(), 3);
        assert!(joined.damaged.contains(&40));
    }

    /// It was told nowhere why a large job took so long.
    #[test]
    fn after_its_last_division_a_job_says_why_one_run_takes_the_rest() {
        let mut hole = of_file("one");
        hole.damaged.insert(40);
        let joined = |before: u32, part: Checkpoint| {
            let before = Checkpoint {
                divisions: before,
                ..of_file("one")
            };
            let joined = division().joined(before, [(1, part)], Vec::new());
            joined.one_run_reason
        };
        assert_eq!(joined(1, hole.clone()), None);
        assert_eq!(joined(2, hole), Some(LEARNT_EACH_TIME.to_owned()));
        assert_eq!(joined(2, done(3..6)), None);
    }

    /// Half of the pictures would have been of what was there before.
    #[test]
    fn parts_of_a_file_that_was_replaced_are_joined_to_those_of_the_other() {
        let division = division();
        let other = Checkpoint {
            pictures: done(3..6).pictures,
            ..of_file("other")
        };
        let joined = division.joined(of_file("one"), [(1, other), (0, done(0..3))], Vec::new());
        assert_eq!(joined.source.as_deref(), Some("one"));
        assert_eq!(joined.pictures.len(), 3);
    }
}
