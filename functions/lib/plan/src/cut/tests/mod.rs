//! The cut by examples, and against a model that is slow and plain.

mod examples;
mod model;
mod properties;

use crate::SampleGroup;

/// The samples of `group` to be decoded.
fn needed(group: &SampleGroup, is_reference: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut filter = group.reference_filter();
    (group.first..=group.last)
        .filter(|&sample| filter.keeps(sample, || is_reference(sample)))
        .collect()
}
