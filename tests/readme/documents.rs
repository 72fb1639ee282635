//! The documents, as text.

use std::path::{Path, PathBuf};

/// Folders whose Markdown files are documents, and not those below them.
const FOLDERS: [&str; 5] = ["", "docs", "events", ".github", ".github/ISSUE_TEMPLATE"];

/// One document.
pub(crate) struct Document {
    /// From the root of the repository.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The folder that `Cargo.toml` of the workspace is in.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &str) -> Document {
    let text = std::fs::read_to_string(root().join(path));
    Document {
        path: path.to_owned(),
        text: text.unwrap_or_else(|e| panic!("{path}: {e}")),
    }
}

pub(crate) fn all() -> Vec<Document> {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                paths.push(
                    format!("{folder}/{name}")
                        .trim_start_matches('/')
                        .to_owned(),
                );
            }
        }
    }
    paths.sort();
    assert!(paths.len() >= 8, "these are not all documents: {paths:?}");
    paths.iter().map(|path| read(path)).collect()
}

impl Document {
    /// Lines outside of code blocks.
    pub(crate) fn prose(&self) -> Vec<&str> {
        self.lines(false)
    }

    /// Lines of code blocks.
    pub(crate) fn code_blocks(&self) -> Vec<&str> {
        self.lines(true)
    }

    fn lines(&self, in_code: bool) -> Vec<&str> {
        let mut is_code = false;
        let mut lines = Vec::new();
        for line in self.text.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            } else if is_code == in_code {
                lines.push(line);
            }
        }
        lines
    }

    /// Texts between backticks, a line end in one read as a space.
    pub(crate) fn inline_code(&self) -> Vec<String> {
        let mut spans = Vec::new();
        for paragraph in self.prose().join("\n").split("\n\n") {
            let spans_of_it = paragraph.split('`').skip(1).step_by(2);
            spans.extend(spans_of_it.map(|span| span.replace('\n', " ")));
        }
        spans
    }

    /// The rows of the first table below a heading, without its head.
    pub(crate) fn table_below(&self, heading: &str) -> Vec<Vec<&str>> {
        let after = self.text.split(&format!("\n{heading}\n")).nth(1);
        let after = after.unwrap_or_else(|| panic!("{}: no heading {heading}", self.path));
        let lines = after.lines().skip_while(|line| !line.starts_with('|'));
        let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
        rows.map(cells).collect()
    }
}

/// The cells of a row of a table.
pub(crate) fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}
