//! The pictures of one video in a folder.

use super::atomic;
use super::earlier_run::{self, EarlierRun, MANIFEST};
use super::leftovers;
use crate::command::snapshot::interrupt::Interrupt;
use crate::error::CommandError;
use artifacts::Manifest;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A folder while it fills.
#[derive(Debug)]
pub(in crate::command::snapshot) struct FolderOutput {
    folder: PathBuf,
    earlier: EarlierRun,
    /// Files of this run, below the folder.
    written: BTreeSet<String>,
    /// Folders that were not there before, in the order they were made.
    made: Vec<PathBuf>,
    /// Held while this run writes there.
    lock: Option<File>,
    interrupt: Interrupt,
}

impl FolderOutput {
    /// Looks whether anything is in the way. Nothing is changed yet.
    pub(in crate::command::snapshot) fn new(
        folder: &Path,
        force: bool,
        interrupt: &Interrupt,
    ) -> Result<Self, CommandError> {
        let found = earlier_run::look(folder).map_err(CommandError::file(folder))?;
        if let Some(first) = found.foreign.first().filter(|_| !force) {
            let path = folder.join(first);
            return Err(CommandError::InTheWay { path });
        }
        let mut earlier = found.earlier;
        // With --force all of them belong to the run that is replaced.
        earlier.has_manifest |= found.foreign.iter().any(|name| name == MANIFEST);
        let foreign = found.foreign.into_iter().filter(|name| name != MANIFEST);
        earlier.files.extend(foreign);
        Ok(Self {
            folder: folder.to_owned(),
            earlier,
            written: BTreeSet::new(),
            made: Vec::new(),
            lock: None,
            interrupt: interrupt.clone(),
        })
    }

    /// Writes one file, or writes it anew.
    pub(in crate::command::snapshot) fn put(
        &mut self,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), CommandError> {
        if self.lock.is_none() {
            self.begin()?;
        }
        let path = self.folder.join(name);
        self.make_folders(path.parent().unwrap_or(&self.folder).to_owned())?;
        atomic::write(&path, bytes, &self.interrupt)?;
        if self.written.insert(name.to_owned()) {
            self.interrupt.keep(self.interrupt.kept() + 1);
        }
        Ok(())
    }

    /// The last thing before the first picture is written: a run that fails earlier leaves all as it
    /// was. No manifest may list what another run makes.
    fn begin(&mut self) -> Result<(), CommandError> {
        self.make_folders(self.folder.clone())?;
        let failed = CommandError::file(&self.folder);
        let lock = File::open(&self.folder).map_err(failed)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let path = self.folder.clone();
                return Err(CommandError::InUse { path });
            }
            // Some network file systems have no locks.
            Err(TryLockError::Error(_)) | Ok(()) => self.lock = Some(lock),
        }
        let folders =
            earlier_run::folders(&self.folder).map_err(CommandError::file(&self.folder))?;
        for below in folders {
            leftovers::sweep(&self.folder.join(below));
        }
        if self.earlier.has_manifest {
            self.remove(MANIFEST)?;
        }
        Ok(())
    }

    fn make_folders(&mut self, folder: PathBuf) -> Result<(), CommandError> {
        let missing = folder
            .ancestors()
            .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists());
        let missing: Vec<_> = missing.map(Path::to_owned).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(&folder) {
                Ok(()) => self.made.push(folder),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => {
                    return Err(CommandError::File {
                        path: folder,
                        cause,
                    });
                }
            }
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), CommandError> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(CommandError::File { path, cause })
            }
            _ => Ok(()),
        }
    }

    /// Removes the folders that a file of an earlier run was the last in; those that hold sheets for
    /// Jellyfin have names that tell of the run.
    fn remove_empty_folders(&self, name: &str) {
        let above = Path::new(name).ancestors().skip(1);
        for folder in above.take_while(|folder| folder.components().count() > 1) {
            // Those that are not empty stay.
            let _ = fs::remove_dir(self.folder.join(folder));
        }
    }

    /// Removes what the manifest does not list, such as pictures of an earlier run, and writes it.
    pub(in crate::command::snapshot) fn finish(
        &mut self,
        manifest: &Manifest,
    ) -> Result<(), CommandError> {
        let listed: BTreeSet<&str> = manifest.keys().collect();
        let surplus = self.earlier.files.union(&self.written);
        for name in surplus.filter(|name| !listed.contains(&***name)) {
            self.remove(name)?;
            self.remove_empty_folders(name);
        }
        self.put(MANIFEST, &manifest.to_bytes())
    }

    /// Removes what this run has written, and the folders that it made.
    pub(in crate::command::snapshot) fn roll_back(&mut self) {
        for name in &self.written {
            // What can't be removed is said by nobody: the run has failed for a better reason.
            let _ = self.remove(name);
        }
        for folder in self.made.drain(..).rev() {
            // One that somebody else uses by now is not empty.
            let _ = fs::remove_dir(folder);
        }
        let kept = self.interrupt.kept();
        self.interrupt.keep(kept.saturating_sub(self.written.len()));
        self.written.clear();
    }
}
