//! [`Sources`]: files of this machine, below the folders that may be read.

use crate::media_root::MediaRoot;
use crate::objects::ObjectLinks;
use crate::remote::{RemoteFiles, is_remote};
use async_trait::async_trait;
use percent_encoding::percent_decode_str;
use rustix::io::Errno;
use service::model::{UnixMs, Video};
use service::play_path::play_path;
use service::ports::{SourceError, Sources};
use source::{FileSource, PinnedFile, RangeSource, ReadError};
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The folders whose files may be registered. Whether a file elsewhere is there is never told.
#[derive(Debug, Clone)]
pub(crate) struct MediaRoots {
    roots: Arc<Vec<MediaRoot>>,
    /// The data folder, without symlinks, once there is one.
    data: Option<Arc<PathBuf>>,
}

/// As many as the kernel follows (path_resolution(7)).
const MOST_SYMLINKS: u32 = 40;

impl MediaRoots {
    /// Each of `roots` is a folder; the error names the one that is not.
    pub(crate) fn open(roots: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let open = |root: &PathBuf| MediaRoot::open(root).map_err(|cause| (root.clone(), cause));
        Ok(Self {
            roots: Arc::new(roots.iter().map(open).collect::<Result<_, _>>()?),
            data: None,
        })
    }

    /// The same, without what lies in the data folder `data`: a folder of videos may well hold it,
    /// and with it the database and its secrets. What is a media folder of its own in there stays
    /// one.
    pub(crate) fn without(self, data: &Path) -> Self {
        Self {
            data: Some(Arc::new(data.to_owned())),
            ..self
        }
    }

    /// The name is looked up once. Where the file that was found lies is asked of the file, and
    /// that file is opened: whoever gives the name to another one meanwhile changes nothing.
    fn find(&self, path: &Path) -> Result<FileSource, SourceError> {
        let found = match PinnedFile::find(path) {
            Ok(found) => found,
            Err(cause) => return Err(self.explain(path, &cause, MOST_SYMLINKS)),
        };
        let place = found.place().map_err(unsaid)?;
        let Some(root) = self.holding(&place) else {
            self.is_there(path)?;
            return Err(SourceError::NotAllowed);
        };
        root.is_there().map_err(|cause| away(&cause))?;
        found.open().map_err(unreadable)
    }

    /// The file at the first of `paths` where there is one; else why there is none at the first.
    fn find_first(&self, paths: &[PathBuf]) -> Result<FileSource, SourceError> {
        let mut refused = None;
        for path in paths {
            match self.find(path) {
                Err(cause) if !cause.is_passing() => {
                    refused.get_or_insert(cause);
                }
                found => return found,
            }
        }
        Err(refused.unwrap_or(SourceError::NotAllowed))
    }

    fn holding(&self, real: &Path) -> Option<&MediaRoot> {
        let data = self.data.as_deref().filter(|data| real.starts_with(data));
        let holds =
            |root: &&MediaRoot| root.holds(real) && data.is_none_or(|data| root.is_below(data));
        self.roots.iter().find(holds)
    }

    /// That the root which `path` names is not away, where it names one.
    fn is_there(&self, path: &Path) -> Result<(), SourceError> {
        let mut named = self.roots.iter().filter(|root| root.is_named_by(path));
        named.try_for_each(|root| root.is_there().map_err(|cause| away(&cause)))
    }

    /// Why nothing is found at `path`. What is missing is said only of a folder that may be read;
    /// a symlink there is followed by hand, so that one which leads out of it says nothing of what
    /// is there.
    fn explain(&self, path: &Path, cause: &io::Error, most_symlinks: u32) -> SourceError {
        if let Err(away) = self.is_there(path) {
            return away;
        }
        let there = path
            .ancestors()
            .zip(path.ancestors().skip(1))
            .find_map(|(missing, folder)| Some((missing, folder.canonicalize().ok()?)));
        let Some((missing, folder)) = there else {
            return SourceError::NotAllowed;
        };
        if let Ok(target) = std::fs::read_link(missing) {
            return match most_symlinks.checked_sub(1) {
                Some(most) => self.explain(&folder.join(target), cause, most),
                None => SourceError::NotAllowed,
            };
        }
        if self.holding(&folder).is_none() {
            return SourceError::NotAllowed;
        }
        match cause.kind() {
            ErrorKind::InvalidFilename => SourceError::NotFound,
            ErrorKind::NotFound | ErrorKind::NotADirectory => SourceError::Missing,
            _ => unopened(cause),
        }
    }
}

/// A file, or why there is none.
type Opened = Result<Arc<dyn RangeSource>, SourceError>;

/// The files below these folders, and where clients play them.
pub(crate) struct MediaFiles {
    pub(crate) roots: MediaRoots,
    pub(crate) remote: Option<Arc<dyn RemoteFiles>>,
    pub(crate) links: Arc<ObjectLinks>,
}

#[async_trait]
impl Sources for MediaFiles {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let open: Box<dyn FnOnce() -> Opened + Send> = match &self.remote {
            Some(remote) if is_remote(file_url) => {
                let (remote, url) = (Arc::clone(remote), file_url.to_owned());
                Box::new(move || remote.open(&url))
            }
            _ => {
                let (roots, paths) = (self.roots.clone(), paths_of(file_url));
                Box::new(move || Ok(Arc::new(roots.find_first(&paths)?)))
            }
        };
        let finding = tokio::task::spawn_blocking(open).await;
        finding.map_err(|cause| SourceError::Unavailable(cause.to_string()))?
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        if is_remote(&video.file_url) {
            // Its own URL may hold a secret, and its bytes are not here.
            return Err(SourceError::NotAllowed);
        }
        Ok(self.links.signed(&play_key(video), expires_ms))
    }
}

/// The path at which the file of `video` is played.
pub(crate) fn play_key(video: &Video) -> String {
    let name = video.file_url.rsplit('/').next().unwrap_or_default();
    play_path(&video.id, name)
}

fn unreadable(error: ReadError) -> SourceError {
    match error {
        ReadError::Gone => SourceError::Missing,
        ReadError::NotAFile => SourceError::NotFound,
        ReadError::Transient(cause) => unopened(&cause),
        other => SourceError::Unreadable(unsaid_of(&other)),
    }
}

fn away(cause: &io::Error) -> SourceError {
    of_one_file(cause)(format!("a media folder is away: {cause}"))
}

fn unopened(cause: &io::Error) -> SourceError {
    of_one_file(cause)(unsaid_of(cause))
}

/// Of this file or any other.
fn unsaid(cause: io::Error) -> SourceError {
    SourceError::Unavailable(unsaid_of(&cause))
}

fn unsaid_of(cause: &dyn std::error::Error) -> String {
    format!("a video file can't be looked at: {cause}")
}

/// What is said of one file, unless this process or the machine lacks what every file needs.
fn of_one_file(cause: &io::Error) -> fn(String) -> SourceError {
    let lacking = [Errno::MFILE, Errno::NFILE, Errno::NOMEM].map(Errno::raw_os_error);
    match cause
        .raw_os_error()
        .is_some_and(|code| lacking.contains(&code))
    {
        true => SourceError::Unavailable,
        false => SourceError::Unreadable,
    }
}

/// The absolute paths that `file:///path`, `file://localhost/path`, `file:/path` or `/path` may mean.
/// A name may have signs of its own that mean something in a URL, and be encoded where nobody has
/// to: what is usual is tried first.
fn paths_of(file_url: &str) -> Vec<PathBuf> {
    let bytes: [Vec<u8>; 2] = match file_url.strip_prefix('/') {
        Some(_) => [file_url.into(), percent_decode_str(file_url).collect()],
        None => match path_in_url(file_url) {
            Some(path) => [percent_decode_str(path).collect(), path.into()],
            None => return Vec::new(),
        },
    };
    if bytes.iter().any(|bytes| bytes.contains(&0)) {
        return Vec::new();
    }
    let mut paths: Vec<_> = bytes.iter().filter_map(|bytes| absolute(bytes)).collect();
    paths.dedup();
    paths
}

fn absolute(bytes: &[u8]) -> Option<PathBuf> {
    let path = Path::new(OsStr::from_bytes(bytes));
    path.is_absolute().then(|| without_dots(path))
}

/// RFC 8089, appendix B: a URL may leave out the host and its slashes, as `java.io.File` writes it,
/// and Go where it was parsed like that.
fn path_in_url(file_url: &str) -> Option<&str> {
    let (scheme, rest) = file_url.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return Some(rest);
    };
    let host = rest.find('/').and_then(|end| rest.split_at_checked(end));
    let is_this_one = |host: &str| {
        let mut names = ["localhost", "127.0.0.1"].into_iter();
        names.any(|name| host.eq_ignore_ascii_case(name))
    };
    match host {
        Some((host, path)) if is_this_one(host) => Some(path),
        _ => Some(rest),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_read_says_nothing_of_others_and_a_lack_of_descriptors_does() {
        let denied = unreadable(ReadError::Denied("permission denied".to_owned()));
        assert!(matches!(denied, SourceError::Unreadable(_)), "{denied:?}");
        let of = |errno: Errno| unreadable(ReadError::Transient(errno.into()));
        assert!(matches!(of(Errno::IO), SourceError::Unreadable(_)));
        for lacking in [Errno::MFILE, Errno::NFILE, Errno::NOMEM] {
            assert!(matches!(of(lacking), SourceError::Unavailable(_)));
        }
    }
}
