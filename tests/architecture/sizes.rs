//! No crate holds too much of the code.

use crate::arrows::crates;
use crate::circles::roots;
use crate::source_tree::SourceTree;
use std::collections::BTreeMap;

/// Of all non-test lines under `functions/`.
const MOST_PERCENT: usize = 25;
/// Crates that have a bound of their own, in lines.
const MOST_LINES: &[(&str, usize)] = &[("media", 6_000)];

#[test]
fn no_crate_holds_more_than_a_quarter_of_the_code() {
    let lines: BTreeMap<String, usize> = crates()
        .map(|(name, folder)| {
            let roots = roots(&folder).into_iter();
            (name, roots.map(|root| SourceTree::read(&root).lines).sum())
        })
        .collect();
    let all: usize = lines.values().sum();
    let too_many = |(name, lines): &(&String, &usize)| {
        let own = MOST_LINES.iter().find(|(own, _)| own == name);
        **lines * 100 > all * MOST_PERCENT || own.is_some_and(|(_, most)| *lines > most)
    };
    let found: Vec<_> = lines.iter().filter(too_many).collect();
    assert!(
        found.is_empty(),
        "too much in {found:?} of {lines:?}, {all} in all"
    );
}
