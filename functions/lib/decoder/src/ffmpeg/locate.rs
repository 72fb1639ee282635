//! Where to look for an ffmpeg, in which order.

use super::cache::FfmpegCache;
use super::inspect::inspect;
use super::inspection_memory::InspectionMemory;
use super::private_folder::PrivateFolder;
use super::version::Version;
use super::{Ffmpeg, Origin, owner, pip};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Where to look.
#[derive(Debug, Clone)]
pub struct Search {
    /// Named by the user: this one or none.
    pub given: Option<PathBuf>,
    /// Folders as in the variable PATH.
    pub path: Option<OsString>,
    /// The folder for caches, of programs and of what they were found to be able to do; none means
    /// that nothing is downloaded either.
    pub cache: Option<PathBuf>,
    /// Whether a missing ffmpeg may be downloaded.
    pub may_download: bool,
    /// Whether the newest build is wanted, which no checksum pins, in place of the pinned one.
    pub unpinned: bool,
}

/// No usable ffmpeg.
#[derive(Debug, Error)]
pub enum LocateError {
    /// The one named by the user will not do; no other is tried.
    #[error("the ffmpeg given as {} cannot be used: {reason}", path.display())]
    Given {
        /// As given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Nowhere.
    #[error(
        "no usable ffmpeg found; install ffmpeg 5.1 or newer, or name one with --ffmpeg or \
         VOD_SNAPSHOT_FFMPEG. Tried: {}",
        tried.join("; ")
    )]
    Nowhere {
        /// Each place, and what was wrong there.
        tried: Vec<String>,
    },
    /// A build that lacks a part in use.
    #[error("the ffmpeg {version} at {} has no {part}", path.display())]
    Incomplete {
        /// The program.
        path: PathBuf,
        /// As it says itself.
        version: Version,
        /// Such as `demuxer mxf`.
        part: String,
    },
}

impl Search {
    /// `given` or the variable `VOD_SNAPSHOT_FFMPEG`, then PATH, the user's cache and downloads.
    #[must_use]
    pub fn new(given: Option<PathBuf>) -> Self {
        Self {
            given: given.or_else(|| variable("VOD_SNAPSHOT_FFMPEG").map(PathBuf::from)),
            path: env::var_os("PATH"),
            cache: user_cache(),
            may_download: true,
            unpinned: false,
        }
    }
}

/// Finds an ffmpeg; `say` gets a line where something is slow or passed over.
///
/// # Errors
/// See [`LocateError`].
pub fn locate(search: &Search, say: &mut dyn FnMut(&str)) -> Result<Ffmpeg, LocateError> {
    let memory = InspectionMemory::of(search.cache.as_deref().map(PrivateFolder::in_cache));
    if let Some(path) = &search.given {
        let refused = |reason| LocateError::Given {
            path: path.clone(),
            reason,
        };
        return inspect(&resolved(path, search), Origin::Given, &memory).map_err(refused);
    }
    let mut tried = Vec::new();
    if let Some(found) = in_path(search, &memory, &mut tried, say) {
        return Ok(found);
    }
    match &search.cache {
        Some(root) => by_cache(&FfmpegCache::new(root), search, &mut tried, say),
        None => Err("no cache folder, since HOME is not set".to_owned()),
    }
    .map_err(|last| {
        tried.push(last);
        LocateError::Nowhere { tried }
    })
}

fn in_path(
    search: &Search,
    memory: &InspectionMemory,
    tried: &mut Vec<String>,
    say: &mut dyn FnMut(&str),
) -> Option<Ffmpeg> {
    let programs = folders(search).map(|folder| folder.join("ffmpeg"));
    for program in programs.filter(|program| program.is_file()) {
        let inspected = || inspect(&program, Origin::Path, memory);
        match owner::check_found(&program).and_then(|()| inspected()) {
            Ok(found) => return Some(found),
            Err(reason) => {
                say(&format!("skipping {}: {reason}", program.display()));
                tried.push(format!("{}: {reason}", program.display()));
            }
        }
    }
    if tried.is_empty() {
        tried.push("none in PATH".to_owned());
    }
    None
}

#[cfg(feature = "download")]
fn by_cache(
    cache: &FfmpegCache,
    search: &Search,
    tried: &mut Vec<String>,
    say: &mut dyn FnMut(&str),
) -> Result<Ffmpeg, String> {
    match kept(cache, search) {
        Ok(Some(found)) => return Ok(found),
        Ok(None) => tried.push("none in the cache".to_owned()),
        Err(reason) => {
            say(&format!("skipping the cached ffmpeg: {reason}"));
            tried.push(format!("the cache: {reason}"));
        }
    }
    if !search.may_download {
        return Err("downloads are disabled".to_owned());
    }
    let _turn = cache
        .turn()
        .map_err(|reason| format!("the cache: {reason}"))?;
    // Another process may have put one there meanwhile.
    if let Ok(Some(found)) = kept(cache, search) {
        return Ok(found);
    }
    if search.unpinned {
        super::download::download(cache, say).map_err(|reason| format!("download: {reason}"))
    } else {
        super::wheel::unpack(cache, say).map_err(|reason| format!("wheel: {reason}"))
    }
}

#[cfg(feature = "download")]
fn kept(cache: &FfmpegCache, search: &Search) -> Result<Option<Ffmpeg>, String> {
    if search.unpinned {
        cache.find_recorded()
    } else {
        super::wheel::kept(cache)
    }
}

#[cfg(not(feature = "download"))]
fn by_cache(
    _: &FfmpegCache,
    _: &Search,
    _: &mut Vec<String>,
    _: &mut dyn FnMut(&str),
) -> Result<Ffmpeg, String> {
    Err("this build cannot download ffmpeg".to_owned())
}

/// Those of PATH. A relative one, such as an empty one, is whatever folder we happen to be in:
/// what lies there is anybody's.
fn folders(search: &Search) -> impl Iterator<Item = PathBuf> {
    let path = pip::absolute(search.path.clone()).unwrap_or_default();
    env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// A bare name is looked up in PATH, as a shell would. A relative path is that of the folder we are
/// in: a decoder runs in another.
fn resolved(given: &Path, search: &Search) -> PathBuf {
    if given.components().count() > 1 {
        return std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
    }
    let mut candidates = folders(search).map(|folder| folder.join(given));
    candidates
        .find(|path| path.is_file())
        .unwrap_or_else(|| given.to_owned())
}

fn user_cache() -> Option<PathBuf> {
    let folder = |name| variable(name).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    let named = folder("XDG_CACHE_HOME").filter(absolute);
    named.or_else(|| {
        folder("HOME")
            .map(|home| home.join(".cache"))
            .filter(absolute)
    })
}

fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "download")]
    use super::super::checksum;
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn script(folder: &Path, version: &str, decoders: &str) -> PathBuf {
        let path = folder.join("ffmpeg");
        let body = format!(
            "#!/bin/sh\necho 'ffmpeg version {version} Copyright' >&2\n\
             case \"$*\" in *framecrc*) echo 384, 0xa402b53e; exit;; esac\n\
             for d in {decoders}; do echo \" V..... $d x\"; done\n"
        );
        fs::write(&path, body).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    const ALL: &str = "h264 hevc vp9 vp8 libdav1d mpeg4 mpeg2video";

    fn search(path: &Path, cache: &Path) -> Search {
        Search {
            given: None,
            path: Some(path.as_os_str().to_owned()),
            cache: Some(cache.to_owned()),
            may_download: false,
            unpinned: false,
        }
    }

    /// Keeps a script as an unpinned download.
    #[cfg(feature = "download")]
    fn kept(cache: &Path, version: &str) -> PathBuf {
        let place = cache.join(format!("vod-snapshot/latest-{version}"));
        fs::create_dir_all(&place).unwrap();
        let program = script(&place, version, ALL);
        let sum = checksum::sha256(&mut fs::File::open(&program).unwrap()).unwrap();
        fs::write(place.join("sha256"), sum).unwrap();
        for path in [place.join("sha256"), place, cache.join("vod-snapshot")] {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        program
    }

    #[test]
    fn a_given_one_is_used_or_refused_but_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "6.0", ALL);
        let mut search = search(folder.path(), folder.path());
        search.given = Some(PathBuf::from("/nowhere/ffmpeg"));
        let error = locate(&search, &mut |_| {}).unwrap_err();
        assert!(
            error.to_string().contains("/nowhere/ffmpeg cannot be used"),
            "{error}"
        );
        search.given = Some(PathBuf::from("ffmpeg"));
        let found = locate(&search, &mut |_| {}).unwrap();
        assert!(
            found.to_string().starts_with("ffmpeg 6.0 as given ("),
            "{found}"
        );
    }

    #[test]
    fn an_old_or_crippled_one_in_path_is_passed_over_with_the_reason() {
        for (version, decoders, reason) in [
            ("4.4.2-0ubuntu", ALL, "version 5.1 or newer is required"),
            (
                "6.0",
                "h264 hevc vp9 vp8 mpeg4 mpeg2video",
                "no decoder libdav1d",
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            script(folder.path(), version, decoders);
            let mut said = Vec::new();
            let search = search(folder.path(), &folder.path().join("cache"));
            let error = locate(&search, &mut |line| said.push(line.to_owned())).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
            assert!(said.iter().any(|line| line.contains(reason)), "{said:?}");
        }
    }

    #[cfg(feature = "download")]
    #[test]
    fn the_cache_comes_after_path() {
        let (path, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        kept(cache.path(), "7.0");
        let search = Search {
            unpinned: true,
            ..search(path.path(), cache.path())
        };
        let found = locate(&search, &mut |_| {}).unwrap();
        assert!(found.to_string().contains("7.0 from the cache"), "{found}");
        script(path.path(), "6.1", ALL);
        let found = locate(&search, &mut |_| {}).unwrap();
        assert!(found.to_string().contains("6.1 from PATH"), "{found}");
    }

    #[cfg(feature = "download")]
    #[test]
    fn an_unpinned_one_is_used_only_where_it_is_asked_for() {
        let (path, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        kept(cache.path(), "7.0");
        let error = locate(&search(path.path(), cache.path()), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("none in the cache"), "{error}");
    }

    #[cfg(feature = "download")]
    #[test]
    fn one_that_was_changed_in_the_cache_or_may_be_is_not_run() {
        let (path, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = kept(cache.path(), "7.0");
        let search = Search {
            unpinned: true,
            ..search(path.path(), cache.path())
        };
        let refused = || locate(&search, &mut |_| {}).unwrap_err().to_string();
        let mode = |mode| {
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
        };
        assert!(locate(&search, &mut |_| {}).is_ok());
        mode(0o777);
        assert!(
            refused().contains("may be written by others"),
            "{}",
            refused()
        );
        mode(0o755);
        let ran = path.path().join("ran");
        fs::write(&program, format!("#!/bin/sh\ntouch {}\n", ran.display())).unwrap();
        assert!(refused().contains("has the checksum"), "{}", refused());
        assert!(!ran.exists());
        fs::remove_file(&program).unwrap();
        std::os::unix::fs::symlink("/bin/true", &program).unwrap();
        assert!(refused().contains("symbolic link"), "{}", refused());
    }

    #[test]
    fn one_in_a_folder_that_path_names_relatively_or_that_anybody_may_write_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "6.0", ALL);
        let nothing = folder.path().join("cache");
        for path in ["", ".", "../.."] {
            let search = search(Path::new(path), &nothing);
            let error = locate(&search, &mut |_| {}).unwrap_err();
            assert!(error.to_string().contains("none in PATH"), "{error}");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).unwrap();
        let error = locate(&search(folder.path(), &nothing), &mut |_| {}).unwrap_err();
        assert!(
            error.to_string().contains("may be written by others"),
            "{error}"
        );
    }

    #[test]
    #[ignore = "downloads 30 MB"]
    fn without_any_one_is_downloaded_once_and_then_kept() {
        let (path, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let search = Search {
            may_download: true,
            ..search(path.path(), cache.path())
        };
        let locate = || locate(&search, &mut |line| eprintln!("{line}"));
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(locate);
            [locate().unwrap(), other.join().unwrap().unwrap()]
        });
        let kept = both.iter().filter(|found| found.origin == Origin::Cache);
        assert_eq!(kept.count(), 1, "the second waits for the first: {both:?}");
        assert_eq!(both[0].path, both[1].path);
        assert_eq!(locate().unwrap().origin, Origin::Cache);
    }
}
