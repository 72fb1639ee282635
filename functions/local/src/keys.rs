//! Reads the access keys from a file or from the environment.

use service::key_ring::{KeyRing, KeyRingError};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The environment variable with the same JSON object as a key file.
pub(crate) const VARIABLE: &str = "VOD_SNAPSHOT_KEYS";

/// Why there are no usable keys. No message contains a part of a secret.
#[derive(Debug, Error)]
pub enum KeysError {
    /// Neither a file nor the variable, and unsigned requests were not asked for.
    #[error(
        "no access keys: pass --keys FILE or set {VARIABLE} (a JSON object of access key id to \
         secret), or use --auth none on a loopback address to accept unsigned requests"
    )]
    NoneGiven,
    /// Neither a file nor the variable to sign with.
    #[error(
        "no access keys: pass --keys FILE or set {VARIABLE} (a JSON object of access key id to \
         secret)"
    )]
    NoneToSignWith,
    /// Keys together with a mode that ignores them.
    #[error("--keys has no effect with --auth none: leave out one of them")]
    NotUsed,
    /// Allowed hosts together with a mode that does not check hosts.
    #[error("--allow-host needs --auth none: signed requests are accepted for any host")]
    HostsNotChecked,
    /// Unsigned requests from other machines.
    #[error(
        "--auth none accepts unsigned requests, so the server must listen on a loopback address, \
         not on {0}; to listen there, pass --keys FILE or set {VARIABLE}"
    )]
    OpenToAll(std::net::SocketAddr),
    /// The file cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Other users of the machine can read or replace the secrets.
    #[error("{path} is accessible to other users (mode {mode:03o}): run chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The variable is not UTF-8.
    #[error("{VARIABLE} is not UTF-8")]
    Encoding,
    /// The content is not a JSON object of keys.
    #[error("{origin}: {cause}")]
    Content {
        /// The file or the variable.
        origin: String,
        /// Why.
        cause: KeyRingError,
    },
}

/// The keys in a file that only its owner may access.
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

/// The keys in the environment, if there are any.
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
    fn an_error_names_its_file() {
        let error = parse("keys.json", "{}").map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref(),
            Some("keys.json: the object has no access keys")
        );
    }

    #[test]
    fn a_key_file_that_others_may_access_is_refused() -> std::io::Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(&file, r#"{"a": "s"}"#)?;
        for (mode, is_accepted) in [
            (0o600, true),
            (0o400, true),
            (0o640, false),
            (0o604, false),
            (0o602, false),
        ] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode))?;
            let read = from_file(file.path());
            assert_eq!(read.is_ok(), is_accepted, "{mode:o}");
            if let Err(error) = read {
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
        }
        Ok(())
    }
}
