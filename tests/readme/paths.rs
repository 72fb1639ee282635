//! Files and folders that documents name.

use crate::documents::{self, Document, root};

/// What a path begins with that is one of this repository.
const TOP: [&str; 6] = [
    "functions/",
    "tests/",
    "events/",
    "docs/",
    ".ci/",
    ".github/",
];

fn named(document: &Document) -> Vec<String> {
    let spans = document.inline_code();
    let code = document.code_blocks().into_iter().map(str::to_owned);
    let words = spans.into_iter().chain(code).flat_map(|text| {
        let words = text.split_whitespace().map(str::to_owned);
        words.collect::<Vec<_>>()
    });
    words
        .filter(|word| TOP.iter().any(|top| word.starts_with(top)))
        .filter(|word| !word.contains(['*', '$', '{']))
        .collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut missing = Vec::new();
    for document in documents::all() {
        let named = named(&document);
        let gone = named.iter().filter(|path| !root().join(path).exists());
        missing.extend(gone.map(|path| format!("{}: {path}", document.path)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
