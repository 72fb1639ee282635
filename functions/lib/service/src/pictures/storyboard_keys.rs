//! Where lies what players read of the sheets of a job.

use super::keys::{PictureKeys, count};
use crate::model::{Job, JobResult, JobState};
use artifacts::key;
use artifacts::storyboard::jellyfin;
use contract::snapshot::SpriteSpec;
use contract::storyboard::StoryboardFormat;

/// What the names of the files of a format end in, behind that of the sheets; the first is for players.
/// Of the others each sheet has a file.
pub(super) const fn ends(format: StoryboardFormat) -> &'static [&'static str] {
    match format {
        StoryboardFormat::Vtt => &[".vtt"],
        StoryboardFormat::Hls => &[".m3u8", "-multivariant.m3u8"],
        StoryboardFormat::Dash => &[".mpd", "-adaptation-set.xml"],
        StoryboardFormat::Bif => &[".bif"],
        StoryboardFormat::Json | StoryboardFormat::Jellyfin => &[],
    }
}

/// What the name of the JSON of a sheet ends in.
pub(super) fn json_end(sheet: u32) -> String {
    format!("-{sheet:05}.json")
}

/// A file in a form that players read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoryboardKey {
    pub(crate) format: StoryboardFormat,
    pub(crate) key: String,
    /// Of a form with a file for each sheet: the index of the sheet, from 1.
    pub(crate) sheet: Option<u32>,
    /// What it is to be called, where that is not the end of its key.
    pub(crate) name: Option<String>,
}

/// The files in each form that the sheets of a job are told in, of which there are `sheets`. Those of
/// Jellyfin are the sheets themselves, under other names.
fn of_sheets(job: &Job, sprite: &SpriteSpec, sheets: u32) -> Vec<StoryboardKey> {
    let keys = PictureKeys::from(job);
    let pattern = keys.pattern(job.kind);
    let file = |format, end: &str, sheet| StoryboardKey {
        format,
        key: key::beside(&pattern, end),
        sheet,
        name: None,
    };
    let told = |&format: &StoryboardFormat| -> Vec<StoryboardKey> {
        let of_sheet = |sheet: u32| match format {
            StoryboardFormat::Jellyfin => StoryboardKey {
                key: keys.key(job.kind, sheet),
                name: jellyfin_name(job, sheet),
                ..file(format, "", Some(sheet))
            },
            _ => file(format, &json_end(sheet), Some(sheet)),
        };
        match ends(format) {
            [] => (1..=sheets).map(of_sheet).collect(),
            ends => ends.iter().map(|end| file(format, end, None)).collect(),
        }
    };
    sprite.outputs.iter().flat_map(told).collect()
}

/// None where it is not known where the cells lie.
fn jellyfin_name(job: &Job, sheet: u32) -> Option<String> {
    let JobState::Completed(completion) = &job.state else {
        return None;
    };
    let JobResult::Success { grid, .. } = &completion.result else {
        return None;
    };
    let grid = (*grid)?;
    let layout = (grid.columns, grid.lines);
    let index = sheet.saturating_sub(1) as usize;
    Some(jellyfin::path(&job.id, grid.cell_width, layout, index))
}

/// Every file that is there of a job in the forms that players read.
pub(crate) fn storyboard_keys(job: &Job) -> Vec<StoryboardKey> {
    match &job.spec.sprite {
        Some(sprite) => match count(job, job.kind) {
            0 => Vec::new(),
            sheets => of_sheets(job, sprite, sheets),
        },
        None => Vec::new(),
    }
}

/// The first file of each form of a job that is not done yet.
pub(crate) fn first_keys(job: &Job) -> Vec<(StoryboardFormat, String)> {
    let Some(sprite) = &job.spec.sprite else {
        return Vec::new();
    };
    let mut firsts: Vec<(StoryboardFormat, String)> = Vec::new();
    for file in of_sheets(job, sprite, 1) {
        if firsts.iter().all(|(format, _)| *format != file.format) {
            firsts.push((file.format, file.key));
        }
    }
    firsts
}
