//! The web page that shows the results of both jobs.

use crate::page::{ResultPage, render};
use artifacts::Manifest;
use std::path::Path;

/// The page of a normal job and a sprite job on the same video. It belongs beside `objects/`.
pub(super) fn page(video: &Path, normal: &Manifest, sprite: &Manifest) -> String {
    let name = video.file_name().map(|name| name.to_string_lossy());
    render(&ResultPage {
        video_name: &name.unwrap_or_default(),
        pictures: normal,
        sprite,
    })
}
