//! Where the pictures of a run go.
//!
//! Each file is written under a temporary name beside its place, and gets its own name once it is
//! whole: whatever ends the run, there is no half a file under a final name. What is in the way
//! and was not made by an earlier run is left alone unless `--force` says otherwise.

mod atomic;
mod earlier_run;
mod folder;
mod leftovers;
mod single;

pub(super) use earlier_run::JOB_ID;
pub(super) use folder::FolderOutput;
pub(super) use single::SingleOutput;

use crate::cli::{PictureFormatArg, SnapshotArgs};
use crate::error::CommandError;
use contract::snapshot::ImageFormat;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// What `--out` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Folder(PathBuf),
    File(PathBuf),
    Stdout,
}

/// Pictures that we do not write, but others do.
const OTHER_FORMATS: [&str; 6] = ["avif", "gif", "bmp", "tif", "tiff", "jxl"];

impl Target {
    /// What `out` names, and the format that its name asks for.
    fn parse(out: &Path) -> Result<(Self, Option<PictureFormatArg>), CommandError> {
        if out == Path::new("-") {
            return Ok((Self::Stdout, None));
        }
        let is_folder = out.is_dir() || out.as_os_str().as_encoded_bytes().ends_with(b"/");
        let extension = out.extension().and_then(OsStr::to_str).unwrap_or_default();
        let extension = extension.to_ascii_lowercase();
        match &*extension {
            _ if is_folder => {}
            "jpg" | "jpeg" => {
                return Ok((Self::File(out.to_owned()), Some(PictureFormatArg::Jpg)));
            }
            "webp" => return Ok((Self::File(out.to_owned()), Some(PictureFormatArg::Webp))),
            "png" => return Ok((Self::File(out.to_owned()), Some(PictureFormatArg::Png))),
            other if OTHER_FORMATS.contains(&other) => {
                return Err(invalid(format!(
                    "pictures are written as jpg, webp or png, not {other}"
                )));
            }
            _ => {}
        }
        Ok((Self::Folder(out.to_owned()), None))
    }

    /// What the options name together.
    pub(super) fn of(
        arguments: &SnapshotArgs,
        most_pictures: Option<usize>,
    ) -> Result<(Self, ImageFormat), CommandError> {
        let (target, by_name) = Self::parse(&arguments.out)?;
        if let (Some(name), Some(option)) = (by_name, arguments.format)
            && name != option
        {
            return Err(invalid("its ending is not that of --format".to_owned()));
        }
        let format = arguments.format.or(by_name);
        if !matches!(target, Self::Folder(_)) {
            target.check_single(arguments, most_pictures)?;
        }
        Ok((target, format.unwrap_or(PictureFormatArg::Jpg).into()))
    }

    fn check_single(
        &self,
        arguments: &SnapshotArgs,
        most_pictures: Option<usize>,
    ) -> Result<(), CommandError> {
        let refused = |rule: &str| Err(invalid(rule.to_owned()));
        if arguments.videos.len() != 1 || most_pictures != Some(1) {
            return refused(
                "a file or - takes one picture: one video with --count 1 or one time of --at; give a folder for more",
            );
        }
        if arguments.sprite.is_some() || arguments.vtt {
            return refused("--sprite and --vtt need a folder");
        }
        if *self != Self::Stdout {
            return Ok(());
        }
        if arguments.json {
            return refused("- and --json both write to standard output");
        }
        if std::io::stdout().is_terminal() {
            return refused(
                "- is standard output, which is a terminal here; redirect it to a file",
            );
        }
        Ok(())
    }
}

fn invalid(rule: String) -> CommandError {
    CommandError::OptionValue {
        option: "--out",
        rule,
    }
}

/// Names for the folders of several videos: those of their files, with a number behind where two
/// have the same.
pub(super) fn folder_names(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut distinct = Vec::new();
    for name in names {
        let numbered = (2..).map(|number: u32| format!("{name}-{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        let free = candidates.find(|candidate| taken.insert(candidate.clone()));
        distinct.push(free.unwrap_or(name));
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_tells_a_picture_from_a_folder() {
        let kind = |out: &str| Target::parse(Path::new(out)).map_err(|error| error.to_string());
        let file = |out: &str| Target::File(out.into());
        assert_eq!(
            kind("a.JPG"),
            Ok((file("a.JPG"), Some(PictureFormatArg::Jpg)))
        );
        assert_eq!(
            kind("a.png"),
            Ok((file("a.png"), Some(PictureFormatArg::Png)))
        );
        assert_eq!(
            kind("a.webp"),
            Ok((file("a.webp"), Some(PictureFormatArg::Webp)))
        );
        assert_eq!(kind("-"), Ok((Target::Stdout, None)));
        for folder in ["a", "a.mp4", "a.jpg/", "./-"] {
            assert_eq!(kind(folder), Ok((Target::Folder(folder.into()), None)));
        }
        assert!(kind("a.avif").unwrap_err().contains("jpg, webp or png"));
        let folder = tempfile::Builder::new().suffix(".jpg").tempdir().unwrap();
        let folder = folder.path().to_str().unwrap();
        assert_eq!(kind(folder), Ok((Target::Folder(folder.into()), None)));
    }

    #[test]
    fn videos_of_one_name_get_a_folder_each() {
        let names = ["a.mp4", "a.mp4", "a.mp4-2", "a.mp4"].map(str::to_owned);
        assert_eq!(
            folder_names(names.into_iter()),
            ["a.mp4", "a.mp4-2", "a.mp4-2-2", "a.mp4-3"]
        );
    }
}
