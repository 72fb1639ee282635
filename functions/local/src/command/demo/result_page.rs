//! The web page that shows the results of both jobs.

use super::sprite::{COLUMNS, LINES};
use crate::page::{PageCell, PagePicture, PageSprite, ResultPage, render};
use artifacts::Manifest;
use std::path::Path;

/// The page of a normal job and a sprite job on the same video. It belongs beside `objects/`.
pub(super) fn page(video: &Path, normal: &Manifest, sprite: &Manifest) -> String {
    let name = video
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    render(&ResultPage {
        video_name: name.unwrap_or_default(),
        duration_ms: normal.duration_ms,
        pictures: pictures(normal),
        sprite: sheets(sprite),
    })
}

fn src(key: &str) -> String {
    format!("objects/{key}")
}

fn pictures(manifest: &Manifest) -> Vec<PagePicture> {
    let kept = manifest
        .pictures
        .iter()
        .filter_map(|picture| Some((picture.key.as_ref()?, picture)));
    kept.map(|(key, picture)| PagePicture {
        src: src(key),
        requested_ms: picture.requested_ms,
        presentation_us: picture.presentation_us,
        width: picture.width,
        height: picture.height,
    })
    .collect()
}

fn sheets(manifest: &Manifest) -> Option<PageSprite> {
    let (sheet, cell) = (manifest.sheets.first()?, manifest.pictures.first()?);
    let cell_of = |picture: &artifacts::manifest::PictureEntry| {
        Some(PageCell {
            sheet: picture.sheet?,
            cell: picture.cell?,
            requested_ms: picture.requested_ms,
            presentation_us: picture.presentation_us,
        })
    };
    Some(PageSprite {
        sheets: manifest
            .sheets
            .iter()
            .map(|sheet| src(&sheet.key))
            .collect(),
        sheet_width: sheet.width,
        sheet_height: sheet.height,
        cell_width: cell.width,
        cell_height: cell.height,
        columns: COLUMNS,
        lines: LINES,
        padding: 0,
        margin: 0,
        cells: manifest.pictures.iter().filter_map(cell_of).collect(),
    })
}
