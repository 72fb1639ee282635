//! Holds pictures against what the recipe and the judge say, with every ffmpeg.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::barcode;
use support::clips::ffmpegs;
use support::judge::Judge;
use support::judge::program::{Answer, ask};
use support::judge::raster::Raster;

/// What is to be seen at a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) at_ms: u64,
    /// None where the picture is too small to carry one.
    pub(crate) number: Option<u16>,
    pub(crate) size: (u64, u64),
}

impl Expected {
    pub(crate) fn new(at_ms: u64, number: u16, size: (u64, u64)) -> Self {
        // Cells of the number are not to be told from each other in less.
        let number = (size.0.min(2 * size.1) >= 120).then_some(number);
        Self {
            at_ms,
            number,
            size,
        }
    }
}

/// The program, built beside the suite.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
}

fn judge() -> Judge {
    Judge {
        alone: 2,
        aspects_by: ffmpegs()
            .iter()
            .find(|ffmpeg| ffmpeg.version.to_string().starts_with("5."))
            .map(|ffmpeg| ffmpeg.path.clone()),
        ..Judge::of(program())
    }
}

/// All that is wrong with a clip.
pub(crate) fn failures(clip: &Path, expected: &[Expected]) -> Vec<String> {
    let mut failures = Vec::new();
    let name = clip.file_name().unwrap().to_string_lossy().into_owned();
    let points: BTreeSet<u64> = expected.iter().map(|expected| expected.at_ms).collect();
    for ffmpeg in ffmpegs() {
        let report = judge().judge_at(&ffmpeg.path, clip, &points);
        if !report.is_ok() {
            let verdict = report.verdict();
            failures.push(format!("{name}, {}: {verdict}", ffmpeg.version));
        }
        let points: Vec<u64> = points.iter().copied().collect();
        let answer = ask(&program(), &ffmpeg.path, clip, &points, &[]);
        let wrong = against_recipe(&answer, expected);
        let told = |wrong| format!("{name}, {}: by the recipe: {wrong}", ffmpeg.version);
        failures.extend(wrong.into_iter().map(told));
    }
    failures
}

/// What the recipe says against the pictures.
pub(crate) fn against_recipe(answer: &Answer, expected: &[Expected]) -> Vec<String> {
    if let Some(refusal) = &answer.refusal {
        return vec![format!("refused: {refusal}")];
    }
    expected.iter().filter_map(|e| wrong(answer, e)).collect()
}

fn wrong(answer: &Answer, expected: &Expected) -> Option<String> {
    let at = expected.at_ms;
    let Some(picture) = answer.at(at) else {
        return Some(format!("nothing at {at}"));
    };
    let raster = Raster::of_jpeg(&picture.bytes).unwrap();
    let size = (raster.width as u64, raster.height as u64);
    if size != expected.size {
        return Some(format!("{size:?} at {at}, not {:?}", expected.size));
    }
    let number = barcode::read(raster.bytes(), raster.width, raster.height);
    (expected.number.is_some() && number != expected.number)
        .then(|| format!("frame {number:?} at {at}, not {:?}", expected.number))
}

/// Fails with all that is wrong with a clip.
pub(crate) fn assert_right(clip: &Path, expected: &[Expected]) {
    let failures = failures(clip, expected);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The points around each change, and the ends, of pieces that are shown at these sizes.
pub(crate) fn around_changes(shown: &[(u64, u64)]) -> Vec<Expected> {
    use super::make::{PIECE_FRAMES, at};
    let mut expected = Vec::new();
    for (nth, &size) in shown.iter().enumerate() {
        let first = PIECE_FRAMES * nth as u16;
        let last = first + PIECE_FRAMES - 1;
        expected.push(Expected::new(at(first), first, size));
        expected.push(Expected::new(at(first + 3) + 17, first + 3, size));
        expected.push(Expected::new(at(last) + 39, last, size));
    }
    // The last frame's end is the video's.
    expected.pop();
    expected
}
