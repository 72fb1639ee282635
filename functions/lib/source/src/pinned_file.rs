//! A file that was found under a name, and is looked at before it is opened.

use super::{FileSource, ReadError};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What a name stood for when it was looked up, whatever the name is given to afterwards.
///
/// A check of a name says nothing about what the next call finds under it: whoever may write to
/// the folder can put a symlink there in between. So the name is used once, here, and all that is
/// asked later is asked of this handle: where the file lies, what it is, its content. To hold it
/// neither opens a device nor waits for the other end of a pipe (`O_PATH`, open(2)).
#[derive(Debug)]
pub struct PinnedFile(File);

impl PinnedFile {
    /// Looks `path` up, and follows symlinks.
    ///
    /// # Errors
    /// There is nothing, or a folder on the way may not be passed.
    pub fn find(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_PATH);
        options.open(path).map(Self)
    }

    /// Where it lies now, free of symlinks. Of a file that was removed, where it lay, with
    /// ` (deleted)` after that; what is no file of a disk has a name that is no path.
    ///
    /// # Errors
    /// The system can't say: `/proc` is needed for that.
    pub fn place(&self) -> io::Result<PathBuf> {
        std::fs::read_link(descriptor_path(&self.0))
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// It is a folder, a pipe, a socket or a device, or may not be read.
    pub fn open(&self) -> Result<FileSource, ReadError> {
        if !self.0.metadata().map_err(super::file::trouble)?.is_file() {
            return Err(ReadError::NotAFile);
        }
        let file = reopened(&self.0).map_err(|error| match error.kind() {
            // The file is here: it can only be `/proc` that is not.
            ErrorKind::NotFound => ReadError::Transient(error),
            _ => super::file::trouble(error),
        })?;
        let place = self.place().unwrap_or_default();
        FileSource::of(file, place)
    }
}

impl FileSource {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// Where there is none, or no permission, or it is a folder or a device.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        PinnedFile::find(path).map_err(super::file::trouble)?.open()
    }
}

/// Another descriptor for the very file that `file` is, by no name: with a position of its own,
/// so that several processes can read side by side. Never waits.
///
/// # Errors
/// `/proc` is not there, or the file may not be read.
pub fn reopened(file: &File) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(descriptor_path(file))
}

/// What proc(5) offers in place of a name: to open it opens the file itself.
fn descriptor_path(file: &File) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RangeSource;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    #[test]
    fn what_was_found_stays_whatever_its_name_is_given_to() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let name = top.join("a");
        std::fs::write(&name, "ours").unwrap();
        std::fs::write(top.join("b"), "theirs").unwrap();
        let found = PinnedFile::find(&name).unwrap();
        std::fs::rename(&name, top.join("c")).unwrap();
        symlink("b", &name).unwrap();
        assert_eq!(found.place().unwrap(), top.join("c"));
        let mut bytes = [0; 4];
        found.open().unwrap().read_at(0, &mut bytes).unwrap();
        assert_eq!(&bytes, b"ours");
        let linked = PinnedFile::find(&name).unwrap();
        assert_eq!(linked.place().unwrap(), top.join("b"));
    }

    #[test]
    fn pipes_sockets_devices_and_folders_are_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let _listener = UnixListener::bind(&socket).unwrap();
        for path in [&*pipe, &*socket, Path::new("/dev/zero"), folder.path()] {
            let opened = PinnedFile::find(path).unwrap().open();
            assert!(matches!(opened, Err(ReadError::NotAFile)), "{opened:?}");
        }
    }

    #[test]
    fn each_reopened_descriptor_has_a_position_of_its_own() {
        use std::io::Read;
        let file = tempfile::tempfile().unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"abc", 0).unwrap();
        let (mut one, mut other) = (reopened(&file).unwrap(), reopened(&file).unwrap());
        let mut byte = [0];
        one.read_exact(&mut byte).unwrap();
        other.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"a");
    }
}
