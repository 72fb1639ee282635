//! One picture, in a file or on standard output.

use super::{atomic, leftovers};
use crate::command::snapshot::interrupt::Interrupt;
use crate::error::CommandError;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Holds the picture until its run has succeeded: it may be taken again.
#[derive(Debug)]
pub(in crate::command::snapshot) struct SingleOutput {
    /// None: standard output.
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    interrupt: Interrupt,
}

impl SingleOutput {
    pub(in crate::command::snapshot) fn stdout(interrupt: &Interrupt) -> Self {
        Self {
            path: None,
            bytes: Vec::new(),
            interrupt: interrupt.clone(),
        }
    }

    pub(in crate::command::snapshot) fn file(
        path: &Path,
        force: bool,
        interrupt: &Interrupt,
    ) -> Result<Self, CommandError> {
        if !force && path.symlink_metadata().is_ok() {
            return Err(CommandError::InTheWay {
                path: path.to_owned(),
            });
        }
        Ok(Self {
            path: Some(path.to_owned()),
            ..Self::stdout(interrupt)
        })
    }

    /// For people, and for `--json`.
    pub(in crate::command::snapshot) fn name(&self) -> String {
        match &self.path {
            Some(path) => path.to_string_lossy().into_owned(),
            None => "-".to_owned(),
        }
    }

    pub(in crate::command::snapshot) fn put(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }

    pub(in crate::command::snapshot) fn finish(&mut self) -> Result<(), CommandError> {
        let Some(path) = &self.path else {
            let mut stdout = io::stdout().lock();
            let written = stdout.write_all(&self.bytes).and_then(|()| stdout.flush());
            return written.map_err(CommandError::Stdout);
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(CommandError::file(folder))?;
        }
        leftovers::sweep(atomic::folder_of(path));
        atomic::write(path, &self.bytes, &self.interrupt)?;
        self.interrupt.keep(self.interrupt.kept() + 1);
        Ok(())
    }
}
