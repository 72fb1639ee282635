//! File systems of a test's own, where it may make them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Unmounted when dropped.
pub(crate) struct Mount(PathBuf);

impl Mount {
    fn make(arguments: &[&str], at: &Path) -> Self {
        let status = Command::new("mount").args(arguments).status();
        assert!(status.unwrap().success(), "mount {arguments:?}");
        Self(at.to_owned())
    }

    /// An empty disk of so many KB.
    pub(crate) fn small(at: &Path, kilobytes: u32) -> Self {
        let size = format!("size={kilobytes}k");
        let path = at.to_str().unwrap();
        Self::make(&["-t", "tmpfs", "-o", &size, "tmpfs", path], at)
    }

    /// What is at `at`, and can't be written any more.
    pub(crate) fn read_only(at: &Path) -> Self {
        let path = at.to_str().unwrap();
        let mount = Self::make(&["--bind", path, path], at);
        // One mount, one to undo.
        std::mem::forget(Self::make(&["-o", "remount,bind,ro", path], at));
        mount
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
