//! The picture of the command line in the README: what the program prints, drawn.
//!
//! `UPDATE_DOCS=1 cargo test -p promises --test cli screen` draws it anew.

use crate::{ends_with, run};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// px.
const LINE_HEIGHT: usize = 22;
const LETTER_WIDTH: usize = 9;
const MARGIN: usize = 20;

/// What is typed, and what comes out.
const RUNS: [&[&str]; 2] = [
    &[
        "clip.mp4",
        "--count",
        "4",
        "--interval",
        "0",
        "--out",
        "pictures",
    ],
    &[
        "clip.mp4", "--at", "1.5s,50%", "--width", "320", "--format", "png", "--out", "exact",
    ],
];

#[test]
fn the_picture_of_the_readme_is_what_the_program_prints() {
    let folder = TempDir::new().unwrap();
    let mut lines = Vec::new();
    for arguments in RUNS {
        let (printed, _) = ends_with(&run(folder.path(), arguments), 0);
        lines.push(format!("$ vod-snapshot snapshot {}", arguments.join(" ")));
        lines.extend(printed.lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.pop();
    let drawn = svg(&lines);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.svg");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == drawn,
        "docs/cli.svg is not what is printed: UPDATE_DOCS=1 cargo test -p promises --test cli screen"
    );
}

/// A terminal with these lines.
fn svg(lines: &[String]) -> String {
    let letters = lines.iter().map(|line| line.chars().count()).max();
    let width = 2 * MARGIN + LETTER_WIDTH * letters.unwrap_or(0);
    let height = 2 * MARGIN + LINE_HEIGHT * lines.len();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n<g \
         font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"15\" \
         fill=\"#c9d1d9\">\n"
    );
    for (nth, line) in lines.iter().enumerate() {
        let y = MARGIN + LINE_HEIGHT * nth + 15;
        let colour = if line.starts_with('$') {
            " fill=\"#7ee787\""
        } else {
            ""
        };
        let text = line
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace(' ', "\u{a0}");
        // Readers of SVG make one space of several.
        let length = LETTER_WIDTH * line.chars().count();
        if !line.is_empty() {
            let _ = writeln!(
                svg,
                "<text x=\"{MARGIN}\" y=\"{y}\" textLength=\"{length}\"{colour}>{text}</text>"
            );
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}
