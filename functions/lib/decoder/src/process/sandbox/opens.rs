//! Files opened by us in a decoder's place, where there is no Landlock.
//!
//! Each `open` of the decoder waits until a thread of ours has read which file it means, looked
//! whether it may have that, opened it and handed the descriptor over. What the decoder's memory
//! says afterwards changes nothing: it is read once.

use super::listener::{SeccompListener, SeccompRequest};
use super::reach::NeededFiles;
use rustix::fs::{FileType, Mode, OFlags, fstat, open};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What may be opened, with no symbolic links left in it.
#[derive(Debug)]
pub(super) struct FileBroker {
    within: Vec<PathBuf>,
    /// The input as the decoder calls it, by its own number of the descriptor, and as we hold it.
    input: Option<(PathBuf, File)>,
}

impl FileBroker {
    pub(super) fn of(reach: &NeededFiles<'_>) -> io::Result<Self> {
        let single = [Some(reach.program), reach.loader.as_deref()];
        let all = single
            .into_iter()
            .flatten()
            .chain(reach.libraries.iter().map(PathBuf::as_path));
        let input = match reach.input {
            Some(file) => Some((link(file.as_raw_fd()), File::from(file.try_clone()?))),
            None => None,
        };
        Ok(Self {
            within: all.filter_map(|path| fs::canonicalize(path).ok()).collect(),
            input,
        })
    }

    /// Answers until the decoder has ended.
    pub(super) fn answer(&self, listener: &SeccompListener) {
        while let Ok(Some(question)) = listener.next() {
            let opened = path(listener, &question).and_then(|path| self.open(&path));
            let answered = match opened {
                Ok(file) => listener.give(&question, &file),
                Err(error) => {
                    let code = error.raw_os_error().unwrap_or(libc::EACCES);
                    listener.refuse(&question, code)
                }
            };
            if let Err(error) = answered {
                // Also where it was killed meanwhile.
                tracing::debug!(%error, "a decoder's open was not answered");
                let _ = listener.refuse(&question, libc::EACCES);
            }
        }
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        if let Some((name, input)) = &self.input
            && name == path
        {
            // Opened anew, so that it begins at the start.
            return File::open(link(input.as_raw_fd()));
        }
        if !path.is_absolute() {
            return Err(io::Error::from_raw_os_error(libc::EACCES));
        }
        // Found, but neither read nor woken: a device or a pipe must not be.
        let found = open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        if !self.allows(&found)? {
            return Err(io::Error::from_raw_os_error(libc::EACCES));
        }
        File::open(link(found.as_raw_fd()))
    }

    fn allows(&self, found: &OwnedFd) -> io::Result<bool> {
        let real = fs::read_link(link(found.as_raw_fd()))?;
        let is_file = FileType::from_raw_mode(fstat(found)?.st_mode) == FileType::RegularFile;
        Ok(is_file && self.within.iter().any(|allowed| real.starts_with(allowed)))
    }
}

fn link(descriptor: i32) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{descriptor}"))
}

/// Relative to no folder but the working one, which is empty.
fn path(listener: &SeccompListener, question: &SeccompRequest) -> io::Result<PathBuf> {
    let place = usize::from(question.number == i64::from(libc::SYS_openat as i32));
    let text = listener.text(question, question.arguments[place])?;
    Ok(PathBuf::from(OsStr::from_bytes(&text)))
}
