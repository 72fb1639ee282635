//! Whether the pictures are those that were wanted: by the numbers painted into the frames.

use crate::job::Job;
use image::RgbImage;
use std::fs;
use std::path::{Path, PathBuf};

/// How many of the pictures wanted are right; none where frames carry no numbers.
pub(crate) fn exact(job: &Job, out: &Path) -> Option<usize> {
    let wanted: Vec<u64> = job
        .targets
        .iter()
        .map(|target| target.number)
        .collect::<Option<_>>()?;
    let files = pictures(out);
    let numbers: Vec<Option<u64>> = match (job.sheet, files.first()) {
        (Some((columns, _)), Some(sheet)) => cells(sheet, job, columns),
        _ => files
            .iter()
            .map(|file| support::number(&open(file)?))
            .collect(),
    };
    let right = numbers
        .iter()
        .zip(&wanted)
        .filter(|&(&found, &wanted)| found == Some(wanted));
    Some(right.count())
}

fn pictures(out: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(out)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let mut all: Vec<_> = all
        .filter(|path| path.extension().is_some_and(|e| e == "jpg"))
        .collect();
    all.sort();
    all
}

fn open(file: &Path) -> Option<RgbImage> {
    Some(image::open(file).ok()?.into_rgb8())
}

fn cells(sheet: &Path, job: &Job, columns: u32) -> Vec<Option<u64>> {
    let Some(sheet) = open(sheet) else {
        return Vec::new();
    };
    let (width, height) = job.size;
    let cell = |index: u32| {
        let (x, y) = (index % columns * width, index / columns * height);
        image::imageops::crop_imm(&sheet, x, y, width, height).to_image()
    };
    let count = u32::try_from(job.targets.len()).unwrap();
    (0..count)
        .map(|index| support::number(&cell(index)))
        .collect()
}
