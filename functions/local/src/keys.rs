//! Where the access keys of a server come from.

use service::key_ring::{KeyRing, KeyRingError};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The variable that holds what a file of keys holds.
pub(crate) const VARIABLE: &str = "VOD_SNAPSHOT_KEYS";

/// Why there are no keys. Never has any of a secret in it.
#[derive(Debug, Error)]
pub enum KeysError {
    /// Neither a file nor the variable, and nobody said that none are wanted.
    #[error(
        "no access keys: give them with --keys FILE or in {VARIABLE} (JSON, access key id to \
         secret), or use --auth none on a loopback address to answer whoever calls"
    )]
    NoneGiven,
    /// The same, of who would sign.
    #[error(
        "no access keys: give them with --keys FILE or in {VARIABLE} (JSON, access key id to \
         secret)"
    )]
    NoneToSignWith,
    /// Keys that would not be looked at.
    #[error("--auth none looks at no keys; leave out --keys or --auth")]
    NotUsed,
    /// Hosts that are not compared with anything.
    #[error("--allow-host is for --auth none: signed calls are accepted for any host")]
    HostsNotChecked,
    /// Unsigned calls from other machines.
    #[error(
        "--auth none answers whoever calls, so it listens on loopback addresses only, not on \
         {0}; give access keys with --keys FILE or in {VARIABLE}"
    )]
    OpenToAll(std::net::SocketAddr),
    /// The file can't be read.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Other users of the machine may read the secrets.
    #[error("{path} may be read or written by others (mode {mode:03o}): chmod 600 {path}")]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The variable is not UTF-8.
    #[error("{VARIABLE} is not UTF-8")]
    Encoding,
    /// What it holds are no keys.
    #[error("{origin}: {cause}")]
    Content {
        /// The file or the variable.
        origin: String,
        /// Why.
        cause: KeyRingError,
    },
}

/// The keys in a file that its owner alone may read.
pub(crate) fn from_file(path: &Path) -> Result<KeyRing, KeysError> {
    let failed = |cause| KeysError::File {
        path: path.to_owned(),
        cause,
    };
    let mut file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(KeysError::Exposed { path, mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    parse(&path.display().to_string(), &text)
}

/// The keys in the environment, if it has any.
pub(crate) fn from_environment() -> Result<Option<KeyRing>, KeysError> {
    let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let text = text.into_string().map_err(|_| KeysError::Encoding)?;
    parse(VARIABLE, &text).map(Some)
}

fn parse(origin: &str, text: &str) -> Result<KeyRing, KeysError> {
    KeyRing::parse(text).map_err(|cause| KeysError::Content {
        origin: origin.to_owned(),
        cause,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_of_the_file() {
        let said = parse("keys.json", "{}").map_err(|error| error.to_string());
        assert_eq!(
            said.err().as_deref(),
            Some("keys.json: the object has no access keys")
        );
    }

    #[test]
    fn a_file_is_its_owner_s_alone() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(&file, r#"{"a": "s"}"#)?;
        for (mode, fine) in [
            (0o600, true),
            (0o400, true),
            (0o640, false),
            (0o604, false),
            (0o602, false),
        ] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode))?;
            let read = from_file(file.path());
            assert_eq!(read.is_ok(), fine, "{mode:o}");
            if let Err(error) = read {
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
        }
        Ok(())
    }
}
