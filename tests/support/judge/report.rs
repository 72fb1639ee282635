//! What the judge found, and the table that shows it.

use super::RIGHT_REFUSALS;
use super::program::Answer;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

/// What can be wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// Another frame, or no frame of the file.
    Frame,
    /// Not the size at which its frame is shown.
    Size,
    /// Other colours.
    Colour,
    /// Turned or mirrored.
    Turned,
    /// Other bytes, or nothing, when asked for alone.
    DependsOnOthers,
    /// No picture of a frame that decodes.
    Missing,
    /// The whole file was refused though it decodes.
    Refused,
    /// Worse than what a plain decode shows.
    WorseThanPlain,
}

impl Display for Wrong {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frame => "wrong frame",
            Self::Size => "wrong size",
            Self::Colour => "wrong colour",
            Self::Turned => "turned",
            Self::DependsOnOthers => "depends on others",
            Self::Missing => "missing",
            Self::Refused => "REFUSED",
            Self::WorseThanPlain => "worse than plain",
        })
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The point that was asked for; 0 where it is the whole file.
    pub at_ms: u64,
    /// What.
    pub wrong: Wrong,
    /// In what way.
    pub detail: String,
}

impl Finding {
    /// At a point.
    #[must_use]
    pub fn new(at_ms: u64, wrong: Wrong, detail: String) -> Self {
        Self {
            at_ms,
            wrong,
            detail,
        }
    }
}

/// The judgement of one file with one ffmpeg.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file.
    pub file: PathBuf,
    /// The binary.
    pub ffmpeg: PathBuf,
    /// `cut`, `seek` or `decode`; empty where the file was refused.
    pub path_taken: String,
    /// How many points were asked for.
    pub points: usize,
    /// How many pictures are marked as damaged.
    pub damaged: usize,
    /// The words of a refusal that is right.
    pub refused: Option<String>,
    /// All that is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(file: &Path, ffmpeg: &Path) -> Self {
        Self {
            file: file.to_owned(),
            ffmpeg: ffmpeg.to_owned(),
            path_taken: String::new(),
            points: 0,
            damaged: 0,
            refused: None,
            findings: Vec::new(),
        }
    }

    /// Nothing decodes: there is nothing to be given.
    pub(super) fn judge_without_frames(&mut self, answer: &Answer, last_words: &str) {
        self.path_taken.clone_from(&answer.path_taken);
        match &answer.refusal {
            Some(refusal) => self.refused = Some(refusal.clone()),
            None if answer.pictures.is_empty() => self.refused = Some("no pictures".to_owned()),
            None => self.findings.push(Finding::new(
                0,
                Wrong::Frame,
                format!("a picture though nothing decodes: {last_words}"),
            )),
        }
    }

    /// Frames decode: only some reasons are right.
    pub(super) fn judge_refusal(&mut self, refusal: &str) {
        if RIGHT_REFUSALS.iter().any(|word| refusal.contains(word)) {
            self.refused = Some(refusal.to_owned());
        } else {
            self.findings
                .push(Finding::new(0, Wrong::Refused, refusal.to_owned()));
        }
    }

    /// Nothing is wrong.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.findings.is_empty()
    }

    /// In a few words: each kind of finding with its number and the first one in detail.
    #[must_use]
    pub fn verdict(&self) -> String {
        let mut kinds: BTreeMap<Wrong, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.findings {
            kinds.entry(finding.wrong).or_default().push(finding);
        }
        let mut words: Vec<String> = kinds
            .iter()
            .map(|(wrong, found)| match wrong {
                Wrong::Refused => format!("{wrong}: {}", found[0].detail),
                _ => {
                    let Finding { at_ms, detail, .. } = &found[0];
                    let points: BTreeSet<u64> = found.iter().map(|f| f.at_ms).collect();
                    format!("{wrong} x{} (at {at_ms}: {detail})", points.len())
                }
            })
            .collect();
        if self.damaged > 0 {
            words.push(format!("damaged {}", self.damaged));
        }
        match (&self.refused, words.is_empty()) {
            (Some(refusal), _) => format!("refused: {refusal}"),
            (None, true) => "ok".to_owned(),
            (None, false) => words.join("; "),
        }
    }

    /// As one JSON object.
    #[must_use]
    pub fn json(&self, ffmpeg: &str) -> Value {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "AtMs": finding.at_ms,
                "Wrong": finding.wrong.to_string(),
                "Detail": finding.detail,
            })
        });
        json!({
            "File": self.file.to_string_lossy(),
            "Ffmpeg": ffmpeg,
            "Path": self.path_taken,
            "Points": self.points,
            "Ok": self.is_ok(),
            "Verdict": self.verdict(),
            "Damaged": self.damaged,
            "Findings": findings.collect::<Vec<Value>>(),
        })
    }

    /// As one row, `name` being how the file is called.
    #[must_use]
    pub fn row(&self, name: &str, ffmpeg: &str) -> String {
        let path = if self.path_taken.is_empty() {
            "-"
        } else {
            &self.path_taken
        };
        let verdict = self.verdict();
        format!(
            "{name:52} {ffmpeg:8} {path:6} {:>3}  {verdict}",
            self.points
        )
    }
}

/// Above the rows.
#[must_use]
pub fn table_head() -> String {
    format!(
        "{:52} {:8} {:6} {:>3}  verdict",
        "file", "ffmpeg", "path", "pts"
    )
}
