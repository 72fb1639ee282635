//! What a person, or a program, is told of the pictures of a video.

use super::input::Input;
use crate::console;
use crate::error::CommandError;
use crate::printable;
use crate::table::{clock, render};
use artifacts::Manifest;
use artifacts::manifest::{
    CoverCandidate, Missing, PictureEntry, Reason, SheetEntry, StoryboardEntry,
};
use serde::Serialize;
use std::io;

/// So many times are named in a line at most.
const MOST_TIMES: usize = 5;

/// What goes to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReportForm {
    Table,
    /// One object on each line.
    Json,
    /// The picture itself is there.
    Nothing,
}

/// How it is told.
pub(super) struct Report {
    pub(super) form: ReportForm,
    /// Several videos need to be told apart.
    pub(super) names_videos: bool,
    /// Each time was asked for by itself. A number of pictures is the most there can be, so that those
    /// past the end are not missed.
    pub(super) exact_times: bool,
}

/// One line of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a, T> {
    kind: &'static str,
    video: &'a str,
    #[serde(flatten)]
    of: &'a T,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WebVtt<'a> {
    key: &'a str,
}

impl Report {
    /// Tells of one video; whether all its pictures are there.
    pub(super) fn tell(&self, input: &Input, manifest: &Manifest) -> Result<bool, CommandError> {
        let prefix = match self.names_videos {
            true => format!("{}: ", input.shown()),
            false => String::new(),
        };
        for note in notes(manifest) {
            console::note(&format!("{prefix}{note}"));
        }
        match self.form {
            ReportForm::Json => json(manifest)?,
            ReportForm::Table => self.table(input, manifest)?,
            ReportForm::Nothing => {}
        }
        Ok(manifest
            .missing
            .iter()
            .all(|missing| self.is_expected(missing)))
    }

    fn is_expected(&self, missing: &Missing) -> bool {
        missing.reason == Reason::BeyondEnd && !self.exact_times
    }

    fn table(&self, input: &Input, manifest: &Manifest) -> Result<(), CommandError> {
        if self.names_videos {
            print(&format!("{}:", input.shown()))?;
        }
        if !manifest.candidates.is_empty() {
            let rows: Vec<_> = manifest
                .pictures
                .iter()
                .map(|p| cover_row(p, manifest))
                .collect();
            return print(&render(&["shown since", "score", "file"], &rows));
        }
        let rows: Vec<_> = manifest.pictures.iter().map(picture_row).collect();
        print(&render(&["requested", "shown since", "file"], &rows))?;
        if !manifest.sheets.is_empty() {
            let rows: Vec<_> = manifest.sheets.iter().map(sheet_row).collect();
            print(&render(&["sheet", "cells", "size", "file"], &rows))?;
        }
        if let Some(key) = &manifest.web_vtt {
            print(&format!("WebVTT  {}", printable::line(key)))?;
        }
        if manifest.storyboards.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = manifest.storyboards.iter().map(storyboard_row).collect();
        print(&render(&["storyboard", "file"], &rows))
    }
}

fn json(manifest: &Manifest) -> Result<(), CommandError> {
    let video = &manifest.video_id;
    for of in &manifest.pictures {
        let kind = "Picture";
        line(&Line { kind, video, of })?;
    }
    for of in &manifest.sheets {
        let kind = "Sheet";
        line(&Line { kind, video, of })?;
    }
    if let Some(key) = &manifest.web_vtt {
        let kind = "WebVtt";
        let of = &WebVtt { key };
        line(&Line { kind, video, of })?;
    }
    for of in &manifest.candidates {
        let kind = "Candidate";
        line(&Line { kind, video, of })?;
    }
    for of in &manifest.storyboards {
        let kind = "Storyboard";
        line(&Line { kind, video, of })?;
    }
    Ok(())
}

fn line(line: &impl Serialize) -> Result<(), CommandError> {
    print(&serde_json::to_string(line).map_err(io::Error::from)?)
}

/// Nobody has to read all of it: the files are there.
fn print(text: &str) -> Result<(), CommandError> {
    let is_read = console::write_line(text);
    is_read.map(drop).map_err(CommandError::Stdout)
}

fn picture_row(picture: &PictureEntry) -> Vec<String> {
    let file = match (&picture.key, picture.sheet, picture.cell) {
        (Some(key), ..) => printable::line(key).into_owned(),
        (None, Some(sheet), Some(cell)) => format!("sheet {sheet}, cell {cell}"),
        _ => String::new(),
    };
    vec![
        clock(picture.requested_ms as f64),
        clock(picture.presentation_us as f64 / 1000.0),
        file,
    ]
}

fn cover_row(picture: &PictureEntry, manifest: &Manifest) -> Vec<String> {
    let is_its = |candidate: &&CoverCandidate| candidate.index == Some(picture.index);
    let score = manifest.candidates.iter().find(is_its);
    let score = score.map_or_else(String::new, |candidate| candidate.score.to_string());
    let shown_since = clock(picture.presentation_us as f64 / 1000.0);
    let key = picture.key.as_deref().unwrap_or_default();
    vec![shown_since, score, printable::line(key).into_owned()]
}

fn sheet_row(sheet: &SheetEntry) -> Vec<String> {
    vec![
        sheet.index.to_string(),
        sheet.cells.to_string(),
        format!("{}x{}", sheet.width, sheet.height),
        printable::line(&sheet.key).into_owned(),
    ]
}

fn storyboard_row(board: &StoryboardEntry) -> Vec<String> {
    let first = board
        .keys
        .first()
        .map(|key| printable::line(key).into_owned());
    vec![board.format.clone(), first.unwrap_or_default()]
}

/// A line for each reason, however many times it holds for.
fn notes(manifest: &Manifest) -> Vec<String> {
    let missing = |reason| {
        let missing = manifest.missing.iter();
        let missing = missing.filter(move |missing| missing.reason == reason);
        missing.map(|missing| missing.requested_ms)
    };
    let end = clock(manifest.duration_ms as f64);
    let beyond = format!("at or past the end of the video, {end}");
    let damaged = manifest.pictures.iter().filter(|picture| picture.damaged);
    let damaged = damaged.map(|picture| picture.requested_ms);
    let notes = [
        note("no picture", missing(Reason::BeyondEnd).collect(), &beyond),
        note(
            "no picture",
            missing(Reason::NoFrame).collect(),
            "there is no such frame",
        ),
        note(
            "no picture",
            missing(Reason::Damaged).collect(),
            "the frame cannot be decoded",
        ),
        note(
            "damaged picture",
            damaged.collect(),
            "the frame did not decode as it was coded",
        ),
    ];
    notes.into_iter().flatten().collect()
}

fn note(what: &str, times_ms: Vec<u64>, why: &str) -> Option<String> {
    let named = times_ms.iter().take(MOST_TIMES);
    let named: Vec<_> = named.map(|ms| clock(*ms as f64)).collect();
    let rest = times_ms.len() - named.len();
    let named = named.join(", ");
    match (times_ms.len(), rest) {
        (0, _) => None,
        (1, _) => Some(format!("{what} at {named}: {why}")),
        (all, 0) => Some(format!("{what} at {all} times ({named}): {why}")),
        (all, rest) => Some(format!(
            "{what} at {all} times ({named} and {rest} more): {why}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of 20,000 points on a short clip printed as many lines.
    #[test]
    fn many_times_are_one_line() {
        let line = note(
            "no picture",
            (0..20_000).map(|n| n * 1000).collect(),
            "it is over",
        );
        let line = line.unwrap();
        assert_eq!(
            line,
            "no picture at 20000 times (0:00.000, 0:01.000, 0:02.000, 0:03.000, 0:04.000 and 19995 more): it is over"
        );
        assert_eq!(
            note("no picture", vec![1500], "x").unwrap(),
            "no picture at 0:01.500: x"
        );
        assert_eq!(note("no picture", vec![], "x"), None);
    }
}
