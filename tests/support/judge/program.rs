//! What the program under judgement says and gives.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Longer than any limit of the program lets a run last.
const LONGEST_RUN_SECONDS: &str = "300";

/// One picture of a run.
#[derive(Debug, Clone)]
pub struct TakenPicture {
    /// As asked.
    pub requested_ms: u64,
    /// Of the frame it shows, after the first frame.
    pub presentation_ms: f64,
    /// As the manifest says.
    pub size: (u64, u64),
    /// The manifest says that its stream is damaged there.
    pub is_damaged: bool,
    /// The JPEG.
    pub bytes: Vec<u8>,
}

/// What came of one run.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// `cut`, `seek` or `decode`.
    pub path_taken: String,
    /// In the order of the manifest.
    pub pictures: Vec<TakenPicture>,
    /// Why there is no manifest.
    pub refusal: Option<String>,
    /// From the manifest.
    pub duration_ms: u64,
    /// The JPEGs of sprite sheets.
    pub sheets: Vec<Vec<u8>>,
    /// The whole manifest.
    pub manifest: Value,
}

/// Runs it on a file.
///
/// # Panics
/// It does not start, or its folder can't be made.
#[must_use]
pub fn ask(program: &Path, ffmpeg: &Path, file: &Path, at: &[u64], more: &[String]) -> Answer {
    let out = tempfile::tempdir().expect("a folder for pictures");
    let points: Vec<String> = at.iter().map(u64::to_string).collect();
    let said = Command::new("timeout")
        .arg(LONGEST_RUN_SECONDS)
        .arg(program)
        .arg("snapshot")
        .arg(file)
        .args(["--at", &points.join(","), "--json", "--out"])
        .arg(out.path())
        .arg("--ffmpeg")
        .arg(ffmpeg)
        .args(more)
        .stdin(Stdio::null())
        .output()
        .expect("timeout and the program start");
    let manifest = fs::read(out.path().join("manifest.json"));
    match manifest.map(|bytes| serde_json::from_slice(&bytes)) {
        Ok(Ok(manifest)) => Answer::of(manifest, out.path()),
        _ => Answer {
            refusal: Some(reason(&String::from_utf8_lossy(&said.stderr))),
            ..Answer::default()
        },
    }
}

/// The last line that is no progress.
fn reason(said: &str) -> String {
    let line = said.lines().rfind(|line| !line.trim().is_empty());
    let line = line.unwrap_or("no word").trim();
    line.strip_prefix("vod-snapshot: ")
        .unwrap_or(line)
        .to_owned()
}

impl Answer {
    fn of(manifest: Value, folder: &Path) -> Self {
        let pictures = manifest["Pictures"].as_array().cloned();
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let pictures = pictures.unwrap_or_default().into_iter().map(|entry| {
            let key = entry["Key"].as_str().unwrap_or("none");
            TakenPicture {
                requested_ms: number(&entry["RequestedMs"]),
                presentation_ms: entry["PresentationMs"].as_f64().unwrap_or(f64::NAN),
                size: (number(&entry["Width"]), number(&entry["Height"])),
                is_damaged: entry["Damaged"] == Value::Bool(true),
                bytes: fs::read(folder.join(key)).unwrap_or_default(),
            }
        });
        let sheets = manifest["Sheets"].as_array().cloned().unwrap_or_default();
        let sheet = |sheet: &Value| {
            let key = sheet["Key"].as_str().unwrap_or("none");
            fs::read(folder.join(key)).unwrap_or_default()
        };
        Self {
            sheets: sheets.iter().map(sheet).collect(),
            path_taken: manifest["Path"].as_str().unwrap_or("").to_owned(),
            pictures: pictures.collect(),
            refusal: None,
            duration_ms: number(&manifest["DurationMs"]),
            manifest,
        }
    }

    /// The picture of a point.
    #[must_use]
    pub fn at(&self, at_ms: u64) -> Option<&TakenPicture> {
        self.pictures.iter().find(|p| p.requested_ms == at_ms)
    }
}
