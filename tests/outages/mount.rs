//! File systems of a test's own, where it may make them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Unmounted when dropped.
pub(crate) struct Mount(PathBuf);

impl Mount {
    /// None, said aloud, where nothing may be mounted.
    fn make(commands: &[Vec<&str>], at: &Path) -> Option<Self> {
        for command in commands {
            let mut mount = Command::new("mount");
            let status = mount.args(command).stderr(Stdio::null()).status();
            if !status.is_ok_and(|status| status.success()) {
                eprintln!("SKIPPED: nothing may be mounted here (mount {command:?})");
                return None;
            }
        }
        Some(Self(at.to_owned()))
    }

    /// An empty disk of so many KB.
    pub(crate) fn small(at: &Path, kilobytes: u32) -> Option<Self> {
        let size = format!("size={kilobytes}k");
        let path = at.to_str().unwrap();
        Self::make(&[vec!["-t", "tmpfs", "-o", &size, "tmpfs", path]], at)
    }

    /// What is at `at`, and can't be written any more.
    pub(crate) fn read_only(at: &Path) -> Option<Self> {
        let path = at.to_str().unwrap();
        let mount = Self::make(&[vec!["--bind", path, path]], at)?;
        let again = vec!["-o", "remount,bind,ro", path];
        let read_only = Self::make(&[again], at);
        // One mount, one to undo.
        read_only.map(std::mem::forget)?;
        Some(mount)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
