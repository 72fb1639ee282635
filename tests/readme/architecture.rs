//! `docs/architecture.md` shows the crates as they are.

use crate::documents;
use crate::workspace::{Package, packages};

const DOCUMENT: &str = "docs/architecture.md";

/// The crates that are shipped.
fn crates() -> Vec<Package> {
    let mut packages = packages();
    packages.retain(|package| package.folder.starts_with("functions/"));
    packages
}

#[test]
fn every_crate_has_its_row() {
    let document = documents::read(DOCUMENT);
    let rows = document.table_below("## Crates");
    let mut shown: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    let crates = crates();
    let mut folders: Vec<_> = crates.iter().map(|each| each.folder.as_str()).collect();
    shown.sort_unstable();
    folders.sort_unstable();
    assert_eq!(shown, folders);
}

/// Each row of the ways of a request and of a picture is a call: from a file to a file of the
/// same crate, or of one that this crate uses.
#[test]
fn calls_go_downwards_only() {
    let (document, crates) = (documents::read(DOCUMENT), crates());
    let of = |file: &str| {
        let file = file.trim_matches('`');
        let owns = |each: &&Package| file.starts_with(&format!("{}/", each.folder));
        let owner = crates.iter().find(owns);
        owner.unwrap_or_else(|| panic!("{file} is in no crate"))
    };
    for heading in ["## The way of a request", "## The way of a picture"] {
        let rows = document.table_below(heading);
        assert!(rows.len() >= 5, "{heading}: {} calls", rows.len());
        for row in rows {
            let (caller, called) = (of(row[0]), of(row[1]));
            let is_down = caller.name == called.name || caller.uses.contains(&called.name);
            assert!(is_down, "{} calls upwards: {row:?}", caller.name);
        }
    }
}
