//! A judge of pictures: decodes a file plainly, asks the program for some of its pictures, and
//! says of each whether it is the frame that is shown at its time, whole, upright, in its colours.
//!
//! It shares no code with what it judges: frames come from ffmpeg, raw, and the conversion of
//! their colours is written again, slowly, from ITU-T H.273. What it does not judge: the colours
//! of HDR, of wide gamuts and of interlaced frames, where only what is to be seen is compared.

pub mod compare;
mod crop;
mod edits;
pub mod frames;
mod inspect;
mod points;
pub mod program;
pub mod raster;
mod raw;
mod reference;
pub mod report;
mod scene;
mod timeline;
mod track;
mod turning;

use frames::PlainDecode;
use inspect::Inspection;
use program::{Answer, ask};
use report::{Finding, Report, Wrong};
use scene::Scene;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Who judges what.
#[derive(Debug, Clone)]
pub struct Judge {
    /// `vod-snapshot`.
    pub program: PathBuf,
    /// How many points of each file are asked for.
    pub points: usize,
    /// How many of them are asked for alone as well.
    pub alone: usize,
    /// Of the points that are chosen by chance.
    pub seed: u64,
    /// An ffmpeg whose filters see each frame's own pixel aspect (before 7), for versions where
    /// they don't.
    pub aspects_by: Option<PathBuf>,
    /// The same file before it was damaged: what is marked as damaged is held against it.
    pub original: Option<PathBuf>,
}

/// Refusals that are right whatever decodes: each word is one of the program's reasons.
const RIGHT_REFUSALS: [&str; 4] = ["encrypted", "still picture", "still image", "limit"];

impl Judge {
    /// With 12 points a file, 3 of them alone too.
    #[must_use]
    pub fn of(program: PathBuf) -> Self {
        Self {
            program,
            points: 12,
            alone: 3,
            seed: 1,
            aspects_by: None,
            original: None,
        }
    }

    /// Judges the pictures of a file, made with one ffmpeg.
    #[must_use]
    pub fn judge(&self, ffmpeg: &Path, file: &Path) -> Report {
        self.judge_at(ffmpeg, file, &BTreeSet::new())
    }

    /// The same at these points, ms, and no others unless there are none.
    #[must_use]
    pub fn judge_at(&self, ffmpeg: &Path, file: &Path, at: &BTreeSet<u64>) -> Report {
        let mut report = Report::new(file, ffmpeg);
        let mut decode = PlainDecode::of(ffmpeg, file);
        if let Some(other) = self.aspects_by.as_deref().filter(|other| *other != ffmpeg) {
            decode.take_aspects(&PlainDecode::of(other, file));
        }
        if decode.frames.is_empty() {
            let answer = ask(&self.program, ffmpeg, file, &[0], &[]);
            report.judge_without_frames(&answer, &decode.last_words);
            return report;
        }
        let mut scene = Scene::of(ffmpeg, file, decode);
        let points = if at.is_empty() {
            scene.points(self.points, self.seed)
        } else {
            at.clone()
        };
        let points: Vec<u64> = points.into_iter().collect();
        let together = ask(&self.program, ffmpeg, file, &points, &[]);
        report.points = points.len();
        report.path_taken.clone_from(&together.path_taken);
        if let Some(refusal) = &together.refusal {
            report.judge_refusal(refusal);
            return report;
        }
        scene.render(&points);
        let original = self.original.as_ref();
        let original = original.map(|file| Scene::rendered(ffmpeg, file, &points));
        let inspection = Inspection {
            scene: &scene,
            original: original.as_ref(),
        };
        for &at_ms in &points {
            let picture = together.at(at_ms);
            report.damaged += usize::from(picture.is_some_and(|picture| picture.is_damaged));
            report.findings.extend(inspection.inspect(at_ms, picture));
        }
        for at_ms in some(&points, self.alone) {
            let alone = ask(&self.program, ffmpeg, file, &[at_ms], &[]);
            report.findings.extend(differs(at_ms, &together, &alone));
        }
        report
    }
}

/// So many of all, with the last.
fn some(points: &[u64], count: usize) -> BTreeSet<u64> {
    let count = count.min(points.len());
    let nth = |nth: usize| points[points.len() - 1 - nth * points.len() / count.max(1)];
    (0..count).map(nth).collect()
}

/// The same bytes alone as among others.
fn differs(at_ms: u64, together: &Answer, alone: &Answer) -> Option<Finding> {
    let bytes = |answer: &Answer| answer.at(at_ms).map(|picture| picture.bytes.clone());
    if bytes(together) == bytes(alone) {
        return None;
    }
    let detail = match &alone.refusal {
        Some(refusal) => format!("alone: {refusal}"),
        None => "other bytes alone".to_owned(),
    };
    Some(Finding::new(at_ms, Wrong::DependsOnOthers, detail))
}
