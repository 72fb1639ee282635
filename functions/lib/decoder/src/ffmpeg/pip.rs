//! pip, out of reach of whoever prepared the working folder or the environment.
//!
//! `python3 -m pip` takes its modules from the current folder before its own, and from wherever
//! PYTHONPATH says; it ran a `./pip/__main__.py` with our environment, access keys included.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// What pip may know of our environment: where programs are, where its configuration and caches
/// are, and how to reach a package index. All else may be a secret, or a way to run something.
const PASSED_ON: [&str; 31] = [
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
];

/// pip, to be run in `folder`, which must be empty and nobody else's.
pub(super) fn command(folder: &Path) -> Command {
    let mut python = Command::new("python3");
    // -I: neither the current folder, nor the user's packages, nor what PYTHON* says.
    python
        .args(["-I", "-m", "pip"])
        .env_clear()
        .envs(PASSED_ON.iter().filter_map(|&name| variable(name)))
        .current_dir(folder);
    if let Some(path) = absolute(env::var_os("PATH")) {
        python.env("PATH", path);
    }
    python
}

fn variable(name: &str) -> Option<(&str, OsString)> {
    env::var_os(name).map(|value| (name, value))
}

/// The absolute folders of a PATH: an empty or a relative one is whatever folder we are in.
pub(super) fn absolute(path: Option<OsString>) -> Option<OsString> {
    let folders = env::split_paths(&path?)
        .filter(|folder| folder.is_absolute())
        .collect::<Vec<_>>();
    env::join_paths(folders).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_into_the_current_folder_is_left_out() {
        let given = OsString::from("/usr/bin::.:bin:/bin");
        assert_eq!(absolute(Some(given)), Some("/usr/bin:/bin".into()));
    }
}
