//! Where to look for an ffmpeg, in which order.

use super::cache::Cache;
use super::inspect::inspect;
use super::{Ffmpeg, Origin};
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
    /// The folder for caches; none means that nothing is downloaded either.
    pub cache: Option<PathBuf>,
    /// Whether a missing ffmpeg may be downloaded.
    pub may_download: bool,
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
        }
    }
}

/// Finds an ffmpeg; `say` gets a line where something is slow or passed over.
///
/// # Errors
/// See [`LocateError`].
pub fn locate(search: &Search, say: &mut dyn FnMut(&str)) -> Result<Ffmpeg, LocateError> {
    if let Some(path) = &search.given {
        let refused = |reason| LocateError::Given {
            path: path.clone(),
            reason,
        };
        return inspect(&resolved(path, search), Origin::Given).map_err(refused);
    }
    let mut tried = Vec::new();
    if let Some(found) = in_path(search, &mut tried, say) {
        return Ok(found);
    }
    match &search.cache {
        Some(root) => by_cache(&Cache::new(root), search.may_download, &mut tried, say),
        None => Err("no home folder to keep one in".to_owned()),
    }
    .map_err(|last| {
        tried.push(last);
        LocateError::Nowhere { tried }
    })
}

fn in_path(search: &Search, tried: &mut Vec<String>, say: &mut dyn FnMut(&str)) -> Option<Ffmpeg> {
    let programs = env::split_paths(search.path.as_ref()?).map(|folder| folder.join("ffmpeg"));
    for program in programs.filter(|program| program.is_file()) {
        match inspect(&program, Origin::Path) {
            Ok(found) => return Some(found),
            Err(reason) => {
                say(&format!("passing over {}: {reason}", program.display()));
                tried.push(format!("{}: {reason}", program.display()));
            }
        }
    }
    if tried.is_empty() {
        tried.push("none in PATH".to_owned());
    }
    None
}

fn by_cache(
    cache: &Cache,
    may_download: bool,
    tried: &mut Vec<String>,
    say: &mut dyn FnMut(&str),
) -> Result<Ffmpeg, String> {
    if let Some(found) = cache.find() {
        return Ok(found);
    }
    tried.push("none in the cache".to_owned());
    if !may_download {
        return Err("downloads are off".to_owned());
    }
    let _turn = cache
        .turn()
        .map_err(|error| format!("the cache: {error}"))?;
    // Another process may have put one there meanwhile.
    if let Some(found) = cache.find() {
        return Ok(found);
    }
    fetch(cache, tried, say)
}

#[cfg(feature = "download")]
fn fetch(
    cache: &Cache,
    tried: &mut Vec<String>,
    say: &mut dyn FnMut(&str),
) -> Result<Ffmpeg, String> {
    super::download::download(cache, say).or_else(|reason| {
        say(&format!("that did not work: {reason}"));
        tried.push(format!("download: {reason}"));
        super::wheel::unpack(cache, say).map_err(|reason| format!("wheel: {reason}"))
    })
}

#[cfg(not(feature = "download"))]
fn fetch(_: &Cache, _: &mut Vec<String>, _: &mut dyn FnMut(&str)) -> Result<Ffmpeg, String> {
    Err("this program downloads none".to_owned())
}

/// A bare name is looked up in PATH, as a shell would.
fn resolved(given: &Path, search: &Search) -> PathBuf {
    if given.components().count() > 1 {
        return given.to_owned();
    }
    let folders = search.path.iter().flat_map(env::split_paths);
    let mut candidates = folders.map(|folder| folder.join(given));
    candidates
        .find(|path| path.is_file())
        .unwrap_or_else(|| given.to_owned())
}

fn user_cache() -> Option<PathBuf> {
    let named = variable("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    named.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")))
}

fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
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
        }
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
            ("4.4.2-0ubuntu", ALL, "5.1 or newer is needed"),
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

    #[test]
    fn the_cache_comes_after_path() {
        let (path, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = cache.path().join("vod-snapshot/ffmpeg-7.0");
        fs::create_dir_all(&kept).unwrap();
        script(&kept, "7.0", ALL);
        let search = search(path.path(), cache.path());
        let found = locate(&search, &mut |_| {}).unwrap();
        assert!(found.to_string().contains("7.0 from the cache"), "{found}");
        script(path.path(), "6.1", ALL);
        let found = locate(&search, &mut |_| {}).unwrap();
        assert!(found.to_string().contains("6.1 from PATH"), "{found}");
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
