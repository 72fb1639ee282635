//! [`Sources`]: files of this machine, below the folders that may be read.

use async_trait::async_trait;
use media::{FileSource, RangeSource, ReadError};
use percent_encoding::percent_decode_str;
use service::ports::{SourceError, Sources};
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The folders whose files may be registered. Whether a file elsewhere is there is never told.
#[derive(Debug, Clone)]
pub(crate) struct MediaRoots(Arc<Vec<PathBuf>>);

impl MediaRoots {
    /// Each of `roots` is a folder; the error names the one that is not.
    pub(crate) fn open(roots: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let real = |root: &PathBuf| real_folder(root).map_err(|cause| (root.clone(), cause));
        Ok(Self(Arc::new(
            roots.iter().map(real).collect::<Result<_, _>>()?,
        )))
    }

    fn allow(&self, real: &Path) -> bool {
        self.0.iter().any(|root| real.starts_with(root))
    }

    fn find(&self, path: &Path) -> Result<FileSource, SourceError> {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(cause) => return Err(self.explain(path, &cause)),
        };
        if !self.allow(&real) {
            return Err(SourceError::NotAllowed);
        }
        FileSource::open(&real).map_err(unreadable)
    }

    /// Whether the folder itself is not there that `path` is in: a mount that is gone for now.
    fn is_away(&self, path: &Path) -> bool {
        let mut roots = self.0.iter();
        roots.any(|root| path.starts_with(root) && !root.is_dir())
    }

    /// Why there is no real path: said only if the last folder there is may be read, and what
    /// is missing in it is not a symlink to who knows where.
    fn explain(&self, path: &Path, cause: &io::Error) -> SourceError {
        if self.is_away(path) {
            return unavailable(cause);
        }
        let there = path
            .ancestors()
            .zip(path.ancestors().skip(1))
            .find_map(|(missing, folder)| Some((missing, folder.canonicalize().ok()?)));
        let Some((missing, folder)) = there else {
            return SourceError::NotAllowed;
        };
        if !self.allow(&folder) || missing.is_symlink() {
            return SourceError::NotAllowed;
        }
        match cause.kind() {
            ErrorKind::InvalidFilename => SourceError::NotFound,
            ErrorKind::NotFound | ErrorKind::NotADirectory => SourceError::Missing,
            _ => unavailable(cause),
        }
    }
}

#[async_trait]
impl Sources for MediaRoots {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let path = path_of(file_url).ok_or(SourceError::NotAllowed)?;
        let roots = self.clone();
        let finding = tokio::task::spawn_blocking(move || roots.find(&path)).await;
        let found = finding.map_err(|cause| SourceError::Unavailable(cause.to_string()))??;
        Ok(Arc::new(found))
    }
}

fn real_folder(path: &Path) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    if real.is_dir() {
        Ok(real)
    } else {
        Err(ErrorKind::NotADirectory.into())
    }
}

fn unreadable(error: ReadError) -> SourceError {
    match error {
        ReadError::Gone => SourceError::Missing,
        ReadError::NotAFile => SourceError::NotFound,
        ReadError::Transient(cause) => unavailable(&cause),
        other => SourceError::Unavailable(format!("a video file can't be looked at: {other}")),
    }
}

fn unavailable(cause: &io::Error) -> SourceError {
    SourceError::Unavailable(format!("a video file can't be looked at: {cause}"))
}

/// The absolute path in `file:///path`, `file://localhost/path` or `/path`.
fn path_of(file_url: &str) -> Option<PathBuf> {
    let bytes = if file_url.starts_with('/') {
        file_url.into()
    } else {
        decode(file_url)?
    };
    let path = Path::new(OsStr::from_bytes(&bytes));
    let names_one = path.is_absolute() && !bytes.contains(&0);
    names_one.then(|| without_dots(path))
}

fn decode(file_url: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = file_url.split_once("://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    scheme
        .eq_ignore_ascii_case("file")
        .then(|| percent_decode_str(path).collect())
}

/// `..` takes away the segment before it, as in any URL: which folders there are elsewhere then
/// makes no difference to the answer.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}
