//! The folder that jobs write to, empty between them.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tracing::{error, warn};

/// The folder for temporary files, if it is ours alone: `TMPDIR` must name one called so. A
/// folder that others use, such as a machine's `/tmp`, is never emptied.
const NAME: &str = "vod-snapshot";

/// What jobs leave on the disk.
#[derive(Debug)]
pub(crate) struct ScratchFolder(Option<PathBuf>);

impl ScratchFolder {
    /// The folder of this process, made and emptied: an earlier process of this environment may
    /// have been ended at any moment.
    pub(crate) fn of_this_process() -> io::Result<Self> {
        Self::open(&std::env::temp_dir())
    }

    fn open(folder: &Path) -> io::Result<Self> {
        if !folder.ends_with(NAME) {
            warn!("TMPDIR names no folder called {NAME}: what jobs leave is not removed");
            return Ok(Self(None));
        }
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder);
        made?;
        let scratch = Self(Some(folder.to_owned()));
        scratch.empty();
        Ok(scratch)
    }

    /// Removes whatever is there. Jobs clean up behind themselves; this is for those that could
    /// not.
    pub(crate) fn empty(&self) {
        let Some(folder) = &self.0 else { return };
        if let Err(cause) = empty(folder) {
            error!(%cause, "what a job left can't be removed");
        }
    }
}

fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        warn!(name = ?entry.file_name(), "a job left something behind");
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_folder_of_our_own_is_emptied_and_nothing_else() {
        let top = std::env::temp_dir().join(format!("scratch-{}", std::process::id()));
        let (ours, others) = (top.join(NAME), top.join("others"));
        fs::create_dir_all(ours.join("a/b")).unwrap();
        fs::create_dir_all(&others).unwrap();
        fs::write(ours.join("a/b/c"), "x").unwrap();
        fs::write(ours.join("d"), "x").unwrap();
        fs::write(others.join("e"), "x").unwrap();
        symlink(&others, ours.join("link")).unwrap();
        ScratchFolder::open(&ours).unwrap();
        assert_eq!(fs::read_dir(&ours).unwrap().count(), 0);
        ScratchFolder::open(&others).unwrap().empty();
        assert!(others.join("e").exists());
        fs::remove_dir_all(top).unwrap();
    }
}
