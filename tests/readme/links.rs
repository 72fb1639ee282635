//! Links between documents.

use crate::documents::{self, Document, root};
use std::path::Path;

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(document: &Document) -> Vec<String> {
    let headings = document.prose().into_iter().filter(|l| l.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

/// Where the links of a document lead, those to other sites left out.
fn targets(document: &Document) -> Vec<String> {
    let prose = document.prose().join(" ");
    let ends = prose.split("](").skip(1);
    let targets = ends.filter_map(|end| end.split_once(')'));
    targets
        .map(|(target, _)| target.to_owned())
        .filter(|target| !target.contains("://"))
        .collect()
}

/// What is wrong with a link of `document`.
fn fault(document: &Document, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(&document.path).parent().unwrap();
    let path = match file {
        "" => document.path.clone(),
        file => folder.join(file).to_str().unwrap().to_owned(),
    };
    if !root().join(&path).exists() {
        return Some(format!("{}: no file {target}", document.path));
    }
    let is_there = heading.is_empty() || anchors(&documents::read(&path)).contains(&heading.into());
    (!is_there).then(|| format!("{}: no heading {target}", document.path))
}

#[test]
fn no_link_between_documents_is_dead() {
    let mut dead = Vec::new();
    let mut links = 0;
    for document in documents::all() {
        let targets = targets(&document);
        links += targets.len();
        dead.extend(targets.iter().filter_map(|target| fault(&document, target)));
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(links > 30, "only {links} links were found");
}

#[test]
fn headings_get_the_anchors_of_github() {
    assert_eq!(anchor("Two commands"), "two-commands");
    assert_eq!(anchor("5. The `picture`, AWS"), "5-the-picture-aws");
}
