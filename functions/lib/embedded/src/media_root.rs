//! One folder whose files may be registered, and whether it is there now.

use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where it lies is settled when it is opened: a symlink that is given another target later does
/// not open that to anybody. The folder is not held open, since it may be a mount that comes and
/// goes; whether it is there is asked at each use.
#[derive(Debug, Clone)]
pub(crate) struct MediaRoot {
    /// As configured, absolute.
    named: PathBuf,
    /// The same without symlinks.
    real: PathBuf,
    /// The mount it lies on, where that is not the one of `/`.
    mount: Option<Mount>,
}

/// A folder that something is mounted on.
#[derive(Debug, Clone)]
struct Mount {
    point: PathBuf,
    parent: PathBuf,
}

impl MediaRoot {
    /// `path` is a folder.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let real = path.canonicalize()?;
        if !real.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        Ok(Self {
            named: std::path::absolute(path)?,
            mount: Mount::of(&real, &device)?,
            real,
        })
    }

    /// Whether a path without symlinks leads into it.
    pub(crate) fn holds(&self, real: &Path) -> bool {
        real.starts_with(&self.real)
    }

    /// Whether it lies in `folder`, a path without symlinks, and is not that folder.
    pub(crate) fn is_below(&self, folder: &Path) -> bool {
        self.real.starts_with(folder) && self.real != folder
    }

    /// Whether a path names something in it, by its letters alone.
    pub(crate) fn is_named_by(&self, path: &Path) -> bool {
        path.starts_with(&self.named) || path.starts_with(&self.real)
    }

    /// That it is there as it was when it was opened: a folder, in the same place, with its disk
    /// or network mounted.
    ///
    /// # Errors
    /// It is away, and may come back.
    pub(crate) fn is_there(&self) -> io::Result<()> {
        if !std::fs::metadata(&self.real)?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        if self.named.canonicalize()? != self.real {
            return Err(io::Error::other("the media folder leads elsewhere"));
        }
        self.mount
            .as_ref()
            .map_or(Ok(()), |mount| mount.is_there(&device))
    }
}

impl Mount {
    fn of(folder: &Path, device: &dyn Fn(&Path) -> io::Result<u64>) -> io::Result<Option<Self>> {
        let own = device(folder)?;
        for (point, parent) in folder.ancestors().zip(folder.ancestors().skip(1)) {
            if device(parent)? != own {
                return Ok(Some(Self {
                    point: point.to_owned(),
                    parent: parent.to_owned(),
                }));
            }
        }
        Ok(None)
    }

    /// Without its mount, the folder is an empty one on the device of the folder above. A device
    /// may have another number when it comes back; it still has one of its own.
    fn is_there(&self, device: &dyn Fn(&Path) -> io::Result<u64>) -> io::Result<()> {
        if device(&self.point)? == device(&self.parent)? {
            return Err(io::Error::other("the media folder is not mounted"));
        }
        Ok(())
    }
}

fn device(path: &Path) -> io::Result<u64> {
    Ok(std::fs::metadata(path)?.dev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_that_is_away_is_told_from_one_that_came_back_under_another_number() {
        let mounted =
            |nas: u64| move |path: &Path| Ok(if path.starts_with("/srv/nas") { nas } else { 1 });
        let folder = Path::new("/srv/nas/films/new");
        let mount = Mount::of(folder, &mounted(7)).unwrap().unwrap();
        assert_eq!(mount.point, Path::new("/srv/nas"));
        assert!(mount.is_there(&mounted(7)).is_ok());
        assert!(mount.is_there(&mounted(8)).is_ok());
        assert!(mount.is_there(&mounted(1)).is_err());
        assert!(Mount::of(folder, &|_| Ok(1)).unwrap().is_none());
    }
}
