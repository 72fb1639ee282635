//! [`Keys`] from one JSON object: access key id to secret, or to `{"secret": .., "active": ..}`.

use async_trait::async_trait;
use contract::signature::Secret;
use serde_json::Value;
use service::ports::{AccessKey, Keys, PortResult};
use std::collections::HashMap;
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
    /// Keys that would not be looked at.
    #[error("--auth none looks at no keys; leave out --keys or --auth")]
    NotUsed,
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
    /// Not a JSON object. What the parser says is left out: it quotes.
    #[error(
        "{origin}: not a JSON object of access key id to secret (line {line}, column {column})"
    )]
    Syntax {
        /// The file or the variable.
        origin: String,
        /// From 1; 0: the whole.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The object has no members, so nobody could call.
    #[error("{0}: no access key in it")]
    Empty(String),
    /// One key makes no sense.
    #[error("{origin}: access key \"{id}\": {rule}")]
    Key {
        /// The file or the variable.
        origin: String,
        /// Which.
        id: String,
        /// What must hold.
        rule: &'static str,
    },
}

/// Keys that hold until the end of the process.
pub(crate) struct KeyRing(HashMap<String, AccessKey>);

impl KeyRing {
    /// One key, for a process that is its own client.
    pub(crate) fn of_one(id: &str, secret: &Secret) -> Self {
        let key = AccessKey {
            secret: secret.clone(),
            active: true,
        };
        Self(HashMap::from([(id.to_owned(), key)]))
    }

    /// The keys in a file that its owner alone may read.
    pub(crate) fn from_file(path: &Path) -> Result<Self, KeysError> {
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
        Self::parse(&path.display().to_string(), &text)
    }

    /// The keys in the environment, if it has any.
    pub(crate) fn from_environment() -> Result<Option<Self>, KeysError> {
        let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let text = text.into_string().map_err(|_| KeysError::Encoding)?;
        Self::parse(VARIABLE, &text).map(Some)
    }

    fn parse(origin: &str, text: &str) -> Result<Self, KeysError> {
        let syntax = |line, column| KeysError::Syntax {
            origin: origin.to_owned(),
            line,
            column,
        };
        let whole: Value =
            serde_json::from_str(text).map_err(|error| syntax(error.line(), error.column()))?;
        let Value::Object(members) = whole else {
            return Err(syntax(1, 1));
        };
        if members.is_empty() {
            return Err(KeysError::Empty(origin.to_owned()));
        }
        let keys = members
            .into_iter()
            .map(|(id, value)| match access_key(&id, &value) {
                Ok(key) => Ok((id, key)),
                Err(rule) => Err(KeysError::Key {
                    origin: origin.to_owned(),
                    id,
                    rule,
                }),
            });
        keys.collect::<Result<_, _>>().map(Self)
    }
}

/// The key that a member says, or the rule it breaks. A name unknown here may be a misspelt
/// `active`, so it is refused.
fn access_key(id: &str, value: &Value) -> Result<AccessKey, &'static str> {
    let (secret, active) = match value {
        Value::String(secret) => (secret.as_str(), true),
        Value::Object(members) => {
            if members
                .keys()
                .any(|name| name != "secret" && name != "active")
            {
                return Err("only \"secret\" and \"active\" are known");
            }
            let secret = members.get("secret").and_then(Value::as_str);
            let active = members.get("active").map_or(Some(true), Value::as_bool);
            let active = active.ok_or("\"active\" must be true or false")?;
            (secret.ok_or("\"secret\" must be a string")?, active)
        }
        _ => return Err("it must be the secret, or an object with \"secret\""),
    };
    if !is_word(id) {
        return Err("an id must have characters, and no spaces");
    }
    if !is_word(secret) {
        return Err("a secret must have characters, and no spaces");
    }
    let secret = Secret::new(secret);
    Ok(AccessKey { secret, active })
}

fn is_word(text: &str) -> bool {
    let odd = |character: char| character.is_whitespace() || character.is_control();
    !text.is_empty() && !text.contains(odd)
}

#[async_trait]
impl Keys for KeyRing {
    async fn get(&self, id: &str) -> PortResult<Option<AccessKey>> {
        Ok(self.0.get(id).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<KeyRing, KeysError> {
        KeyRing::parse("keys.json", text)
    }

    fn refused(text: &str) -> String {
        let Err(error) = parse(text) else {
            return String::new();
        };
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        error.to_string()
    }

    #[test]
    fn both_forms_give_keys() {
        let ring =
            parse(r#"{"a": "s1", "b": {"secret": "s2", "active": false}, "c": {"secret": "s3"}}"#);
        let Ok(KeyRing(keys)) = ring else {
            unreachable!("these are keys");
        };
        let said = |id: &str| keys.get(id).map(|key| (key.secret.expose(), key.active));
        assert_eq!(said("a"), Some(("s1", true)));
        assert_eq!(said("b"), Some(("s2", false)));
        assert_eq!(said("c"), Some(("s3", true)));
        assert!(!format!("{keys:?}").contains("s1"), "a secret never shows");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (text, part) in [
            ("", "not a JSON object"),
            (r#"{"a": "hunter2""#, "line 1"),
            (r#""hunter2""#, "not a JSON object"),
            (r#"["hunter2"]"#, "not a JSON object"),
            ("{}", "no access key"),
            (r#"{"": "hunter2"}"#, "an id must"),
            (r#"{"a b": "hunter2"}"#, "an id must"),
            (r#"{"a": ""}"#, "a secret must"),
            (r#"{"a": "hunter2\n"}"#, "a secret must"),
            (r#"{"a": 1}"#, "it must be the secret"),
            (r#"{"a": {"active": true}}"#, "\"secret\" must be"),
            (
                r#"{"a": {"secret": "hunter2", "active": "no"}}"#,
                "true or false",
            ),
            (r#"{"a": {"secret": "hunter2", "actve": false}}"#, "only"),
        ] {
            let said = refused(text);
            assert!(
                said.starts_with("keys.json: ") && said.contains(part),
                "{text}: {said}"
            );
        }
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
            let read = KeyRing::from_file(file.path());
            assert_eq!(read.is_ok(), fine, "{mode:o}");
            if let Err(error) = read {
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
        }
        Ok(())
    }
}
