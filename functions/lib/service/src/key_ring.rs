//! Access keys from one JSON object: access key id to secret, or to
//! `{"secret": .., "active": ..}`.
//!
//! Beside them it may hold keys that sign the URLs of pictures: `pictures/<key id>` to
//! `{"secret": .., "active": false}`. No release takes such a member for an access key that may call:
//! an earlier one, which does not know what it is for, reads an inactive one.

use crate::ports::{AccessKey, Keys, PortResult};
use crate::url_signature::UrlKey;
use async_trait::async_trait;
use contract::signature::Secret;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use thiserror::Error;

/// Why a text holds no keys. Never has any of a secret in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyRingError {
    /// Not a JSON object. What the parser says is left out: it quotes.
    #[error("not a JSON object of access key id to secret (line {line}, column {column})")]
    Syntax {
        /// From 1; 0: the whole.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The object has no members, so nobody could call.
    #[error("the object has no access keys")]
    Empty,
    /// One key makes no sense.
    #[error("access key \"{id}\": {rule}")]
    Key {
        /// Which.
        id: String,
        /// What must hold.
        rule: &'static str,
    },
}

/// What the names of members begin with that sign URLs of pictures.
const PICTURES: &str = "pictures/";

/// Fewer characters could be guessed.
const LEAST_PICTURE_SECRET: usize = 32;

/// Keys that hold for as long as it is used.
#[derive(Debug)]
pub struct KeyRing {
    access: HashMap<String, AccessKey>,
    /// In the order of their ids.
    pictures: Vec<UrlKey>,
}

impl KeyRing {
    /// One key, for a process that is its own client.
    #[must_use]
    pub fn of_one(id: &str, secret: &Secret) -> Self {
        let key = AccessKey {
            secret: secret.clone(),
            active: true,
        };
        Self {
            access: HashMap::from([(id.to_owned(), key)]),
            pictures: Vec::new(),
        }
    }

    /// The keys that `text` holds.
    ///
    /// # Errors
    /// See [`KeyRingError`].
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let syntax = |line, column| KeyRingError::Syntax { line, column };
        let whole: Value =
            serde_json::from_str(text).map_err(|error| syntax(error.line(), error.column()))?;
        let Value::Object(members) = whole else {
            return Err(syntax(1, 1));
        };
        let (mut access, mut pictures) = (HashMap::new(), BTreeMap::new());
        for (id, value) in members {
            let read = match id.strip_prefix(PICTURES) {
                Some(key_id) => picture_key(key_id, &value).map(|key| {
                    pictures.insert(key_id.to_owned(), key);
                }),
                None => access_key(&id, &value).map(|key| {
                    access.insert(id.clone(), key);
                }),
            };
            read.map_err(|rule| KeyRingError::Key { id, rule })?;
        }
        if access.is_empty() {
            return Err(KeyRingError::Empty);
        }
        let pictures = pictures.into_values().collect();
        Ok(Self { access, pictures })
    }

    /// The key with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<AccessKey> {
        self.access.get(id).cloned()
    }

    /// The keys that sign URLs of pictures, in the order of their ids: the last one is to sign.
    #[must_use]
    pub fn picture_keys(&self) -> &[UrlKey] {
        &self.pictures
    }
}

/// The key that a member says which signs URLs of pictures, or the rule it breaks.
fn picture_key(id: &str, value: &Value) -> Result<UrlKey, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !(1..=64).contains(&id.len()) || !id.bytes().all(is_plain) {
        return Err("the id of a picture key must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    let key = access_key(id, value)?;
    if key.active {
        return Err("a picture key is no access key: it must have \"active\": false");
    }
    if key.secret.expose().len() < LEAST_PICTURE_SECRET {
        return Err("the secret of a picture key must have at least 32 characters");
    }
    Ok(UrlKey::new(id, key.secret.expose().as_bytes()))
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
                return Err("unknown member: only \"secret\" and \"active\" are allowed");
            }
            let secret = members.get("secret").and_then(Value::as_str);
            let active = members.get("active").map_or(Some(true), Value::as_bool);
            let active = active.ok_or("\"active\" must be true or false")?;
            (secret.ok_or("\"secret\" must be a string")?, active)
        }
        _ => return Err("the value must be the secret, or an object with \"secret\""),
    };
    if !is_word(id) {
        return Err("an id must not be empty or contain spaces");
    }
    if !is_word(secret) {
        return Err("a secret must not be empty or contain spaces");
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
        Ok(self.find(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let Err(error) = KeyRing::parse(text) else {
            return String::new();
        };
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        error.to_string()
    }

    #[test]
    fn both_forms_give_keys() {
        let ring = KeyRing::parse(
            r#"{"a": "s1", "b": {"secret": "s2", "active": false}, "c": {"secret": "s3"}}"#,
        );
        let Ok(KeyRing { access: keys, .. }) = ring else {
            unreachable!("these are keys");
        };
        let said = |id: &str| keys.get(id).map(|key| (key.secret.expose(), key.active));
        assert_eq!(said("a"), Some(("s1", true)));
        assert_eq!(said("b"), Some(("s2", false)));
        assert_eq!(said("c"), Some(("s3", true)));
        assert!(!format!("{keys:?}").contains("s1"), "a secret never shows");
    }

    #[test]
    fn a_picture_key_may_call() {
        let secret = "x".repeat(32);
        let member = format!(r#"{{"secret": "{secret}", "active": false}}"#);
        let ring = KeyRing::parse(&format!(
            r#"{{"pictures/b": {member}, "k": "s", "pictures/a": {member}}}"#
        ));
        let Ok(ring) = ring else {
            unreachable!("these are keys");
        };
        for id in ["pictures/a", "a", "b"] {
            assert!(ring.find(id).is_none(), "{id}");
        }
        let expected = ["a", "b"].map(|id| UrlKey::new(id, secret.as_bytes()));
        assert_eq!(ring.picture_keys(), expected);
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (text, part) in [
            ("", "not a JSON object"),
            (r#"{"a": "hunter2""#, "line 1"),
            (r#""hunter2""#, "not a JSON object"),
            (r#"["hunter2"]"#, "not a JSON object"),
            ("{}", "no access keys"),
            (
                r#"{"pictures/1": {"secret": "hunter2hunter2hunter2hunter2hunter2", "active": false}}"#,
                "no access keys",
            ),
            (
                r#"{"a": "s", "pictures/1": "hunter2hunter2hunter2hunter2hunter2"}"#,
                "no access key: it must have \"active\": false",
            ),
            (
                r#"{"a": "s", "pictures/1": {"secret": "hunter2", "active": false}}"#,
                "at least 32 characters",
            ),
            (
                r#"{"a": "s", "pictures/": {"secret": "hunter2hunter2hunter2hunter2hunter2", "active": false}}"#,
                "the id of a picture key must",
            ),
            (
                r#"{"a": "s", "pictures/a&b": {"secret": "hunter2hunter2hunter2hunter2hunter2", "active": false}}"#,
                "the id of a picture key must",
            ),
            (r#"{"": "hunter2"}"#, "an id must"),
            (r#"{"a b": "hunter2"}"#, "an id must"),
            (r#"{"a": ""}"#, "a secret must"),
            (r#"{"a": "hunter2\n"}"#, "a secret must"),
            (r#"{"a": 1}"#, "the value must be the secret"),
            (r#"{"a": {"active": true}}"#, "\"secret\" must be"),
            (
                r#"{"a": {"secret": "hunter2", "active": "no"}}"#,
                "true or false",
            ),
            (r#"{"a": {"secret": "hunter2", "actve": false}}"#, "only"),
        ] {
            let said = refused(text);
            assert!(said.contains(part), "{text}: {said}");
        }
    }
}
