//! What lies in a folder before a run: files of an earlier run, which go, and others, which don't.

use artifacts::Manifest;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

pub(super) const MANIFEST: &str = "manifest.json";
/// Folders below `--out` that a run may write to, and what its own files lie in.
pub(super) const FOLDERS: [&str; 4] = ["", "sprite/", "sprite-origin/", "vtt/"];
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
    for below in FOLDERS {
        for name in names(&folder.join(below))? {
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
    let vtt = manifest.web_vtt.clone().map(|key| (key, None));
    pictures.chain(sheets).chain(vtt).collect()
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
    if name == "vtt/snapshot.vtt" {
        return true;
    }
    let mut folders = FOLDERS.iter();
    folders.any(|folder| name.strip_prefix(folder).is_some_and(is_numbered))
}

fn is_numbered(name: &str) -> bool {
    let number = name.strip_prefix("snapshot-");
    let number = number.and_then(|rest| {
        let picture = rest.strip_suffix(".jpg");
        picture.or_else(|| rest.strip_suffix(".png"))
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
            "sprite/snapshot-00001.jpg",
            "vtt/snapshot.vtt",
        ] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in [
            "../snapshot-00001.jpg",
            "/etc/passwd",
            "snapshot-1.jpg",
            "snapshot-00001.jpg.bak",
            "sprite/../snapshot-00001.jpg",
            "holiday.jpg",
        ] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }
}
