//! Targets whose samples overlap, taken together.

use std::ops::Range;

/// Samples that are decoded together.
pub(super) struct GroupSpan {
    /// The sync sample.
    pub(super) first: usize,
    /// Which of all targets, in decoding order, are in it. The last of them ends the span.
    pub(super) targets: Range<usize>,
}

/// One span for each target, from its start to itself, and those that share samples made one.
/// `targets` rise; `starts` are theirs.
pub(super) fn spans(targets: &[usize], starts: &[usize]) -> Vec<GroupSpan> {
    let mut spans: Vec<GroupSpan> = Vec::new();
    for (at, &start) in starts.iter().enumerate() {
        let mut span = GroupSpan {
            first: start,
            targets: at..at + 1,
        };
        // A leading picture's start may lie before that of targets decoded earlier than itself.
        while let Some(earlier) =
            spans.pop_if(|earlier| targets[earlier.targets.end - 1] >= span.first)
        {
            span.first = span.first.min(earlier.first);
            span.targets.start = earlier.targets.start;
        }
        spans.push(span);
    }
    spans
}
