//! What lies in a folder before a run: files of an earlier run, which go, and others, which don't.

use artifacts::Manifest;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

pub(super) const MANIFEST: &str = "manifest.json";
/// Folders below `--out` that a run may write to, and what its own files lie in.
const FOLDERS: [&str; 4] = ["", "sprite/", "sprite-origin/", "vtt/"];
/// What the names of the files that players read end in, behind the run's own.
const TOLD: [&str; 6] = [
    ".vtt",
    ".m3u8",
    "-multivariant.m3u8",
    ".mpd",
    "-adaptation-set.xml",
    ".bif",
];
/// Where Jellyfin finds sheets, beside them.
const TRICKPLAY: &str = "snapshot.trickplay/";
/// JobId of every run.
pub(in crate::command::snapshot) const JOB_ID: &str = "snapshot";
/// A manifest of a million pictures has less.
const MOST_MANIFEST_BYTES: u64 = 512 << 20;

/// The files of an earlier run.
#[derive(Debug, Default)]
pub(super) struct EarlierRun {
    pub(super) has_manifest: bool,
    /// Below the folder.
    pub(super) files: BTreeSet<String>,
}

/// What was found in a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) earlier: EarlierRun,
    /// Files of names that a run writes to, and that no earlier run lists as it made them.
    pub(super) foreign: Vec<String>,
}

/// Looks into `folder`, which need not exist.
pub(super) fn look(folder: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut listed = BTreeMap::new();
    if exists(&folder.join(MANIFEST)) {
        match own_manifest(folder) {
            Some(manifest) => {
                found.earlier.has_manifest = true;
                listed = sizes(&manifest);
            }
            None => found.foreign.push(MANIFEST.to_owned()),
        }
    }
    for below in folders(folder)? {
        for name in names(&folder.join(&below))? {
            let name = format!("{below}{name}");
            if !is_own_name(&name) {
                continue;
            }
            let is_as_made = listed.get(&name).is_some_and(|made| {
                let metadata = folder.join(&name).symlink_metadata();
                metadata.is_ok_and(|now| now.is_file() && made.is_none_or(|made| made == now.len()))
            });
            match is_as_made {
                true => drop(found.earlier.files.insert(name)),
                false => found.foreign.push(name),
            }
        }
    }
    Ok(found)
}

/// The folders below `folder` that may hold files of a run: those of [`FOLDERS`], and those of sheets
/// under the names of Jellyfin.
pub(super) fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let mut all = FOLDERS.map(str::to_owned).to_vec();
    for below in ["sprite/", "vtt/"] {
        let trickplay = format!("{below}{TRICKPLAY}");
        let layouts = names(&folder.join(&trickplay))?.into_iter();
        all.extend(layouts.map(|layout| format!("{trickplay}{layout}/")));
    }
    Ok(all)
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn own_manifest(folder: &Path) -> Option<Manifest> {
    let path = folder.join(MANIFEST);
    let metadata = path.symlink_metadata().ok()?;
    if !metadata.is_file() || metadata.len() > MOST_MANIFEST_BYTES {
        return None;
    }
    let manifest = Manifest::from_slice(&fs::read(path).ok()?).ok()?;
    (manifest.job_id == JOB_ID).then_some(manifest)
}

/// The files of a manifest, with the bytes of each where it says so.
fn sizes(manifest: &Manifest) -> BTreeMap<String, Option<u64>> {
    let known = |bytes: u64| (bytes > 0).then_some(bytes);
    let pictures = manifest.pictures.iter();
    let pictures = pictures.filter_map(|entry| Some((entry.key.clone()?, known(entry.bytes))));
    let sheets = manifest.sheets.iter();
    let sheets = sheets.map(|entry| (entry.key.clone(), known(entry.bytes)));
    let storyboards = manifest.storyboards.iter().flat_map(|board| &board.keys);
    let others = storyboards.chain(&manifest.web_vtt);
    let others = others.map(|key| (key.clone(), None));
    pictures.chain(sheets).chain(others).collect()
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        // Found out again, and said, when something is written there.
        Err(cause) if cause.kind() == io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Whether a run may write this file: nothing else is removed, whatever a manifest lists.
pub(super) fn is_own_name(name: &str) -> bool {
    let beside_sheets = ["sprite/", "vtt/"].map(|folder| name.strip_prefix(folder));
    if beside_sheets.into_iter().flatten().any(is_told) {
        return true;
    }
    let mut folders = FOLDERS.iter();
    folders.any(|folder| name.strip_prefix(folder).is_some_and(is_numbered))
}

/// Whether it is a file that players read of the sheets beside it.
fn is_told(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(path) = name.strip_prefix(TRICKPLAY) {
        let sheet = path.split_once('/');
        let sheet = sheet.and_then(|(layout, sheet)| Some((layout, sheet.strip_suffix(".jpg")?)));
        let is_layout = |layout: &str| {
            let (width, cells) = layout.split_once(" - ")?;
            let (columns, lines) = cells.split_once('x')?;
            Some([width, columns, lines].into_iter().all(is_number))
        };
        return sheet
            .is_some_and(|(layout, number)| is_number(number) && is_layout(layout) == Some(true));
    }
    let end = name.strip_prefix(JOB_ID).unwrap_or_default();
    let number = end
        .strip_prefix('-')
        .and_then(|rest| rest.strip_suffix(".json"));
    TOLD.contains(&end) || number.is_some_and(|number| number.len() >= 5 && is_number(number))
}

fn is_numbered(name: &str) -> bool {
    let number = name.strip_prefix("snapshot-");
    let number = number.and_then(|rest| {
        let (number, format) = rest.split_once('.')?;
        ["jpg", "webp", "png"].contains(&format).then_some(number)
    });
    number.is_some_and(|digits| digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_run_gives_are_its_own() {
        for own in [
            "snapshot-00001.jpg",
            "snapshot-100000.png",
            "sprite-origin/snapshot-00001.webp",
            "sprite/snapshot-00001.jpg",
            "vtt/snapshot.vtt",
            "sprite/snapshot.m3u8",
            "sprite/snapshot-multivariant.m3u8",
            "vtt/snapshot-adaptation-set.xml",
            "sprite/snapshot-00001.json",
            "sprite/snapshot.bif",
            "sprite/snapshot.trickplay/160 - 10x10/0.jpg",
        ] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in [
            "../snapshot-00001.jpg",
            "/etc/passwd",
            "snapshot-1.jpg",
            "snapshot-00001.jpg.bak",
            "snapshot-00001.gif",
            "sprite/../snapshot-00001.jpg",
            "holiday.jpg",
            "snapshot.vtt",
            "sprite-origin/snapshot.bif",
            "sprite/snapshot-1.json",
            "sprite/holiday.trickplay/160 - 10x10/0.jpg",
            "sprite/snapshot.trickplay/160 - 10x10/../0.jpg",
            "sprite/snapshot.trickplay/160 - 10x/0.jpg",
            "sprite/snapshot.trickplay/0.jpg",
        ] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }
}
