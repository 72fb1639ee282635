//! The names of files in what players read, and queries behind them.
//!
//! Names are those of the files of one job: its id, which is nothing that another word begins with, and
//! what stands behind it. A template of DASH has `$Number%05d$` in place of a number.

use std::collections::{BTreeMap, BTreeSet};

/// The files of the job `stem` that `text` names.
#[must_use]
pub fn files<'a>(text: &'a str, stem: &str) -> BTreeSet<&'a str> {
    let mut files = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, behind)) = next(rest, stem) {
        files.insert(name);
        rest = behind;
    }
    files
}

/// The same text with a query behind each file that has one.
#[must_use]
pub fn with_queries(text: &str, stem: &str, queries: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, name, behind)) = next(rest, stem) {
        out.extend([before, name]);
        if let Some(query) = queries.get(name) {
            out.extend(["?", query]);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What stands before the next name in `text`, the name, and what stands behind it.
fn next<'a>(text: &'a str, stem: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let begin = text.find(stem).filter(|_| !stem.is_empty())?;
    let (before, rest) = text.split_at(begin);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-._$%".contains(c);
    let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    Some((before, name, behind))
}
