//! Access keys from one JSON object: access key id to secret, or to
//! `{"secret": .., "active": ..}`.

use crate::ports::{AccessKey, Keys, PortResult};
use async_trait::async_trait;
use contract::signature::Secret;
use serde_json::Value;
use std::collections::HashMap;
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

/// Keys that hold for as long as it is used.
#[derive(Debug)]
pub struct KeyRing(HashMap<String, AccessKey>);

impl KeyRing {
    /// One key, for a process that is its own client.
    #[must_use]
    pub fn of_one(id: &str, secret: &Secret) -> Self {
        let key = AccessKey {
            secret: secret.clone(),
            active: true,
        };
        Self(HashMap::from([(id.to_owned(), key)]))
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
        if members.is_empty() {
            return Err(KeyRingError::Empty);
        }
        let keys = members
            .into_iter()
            .map(|(id, value)| match access_key(&id, &value) {
                Ok(key) => Ok((id, key)),
                Err(rule) => Err(KeyRingError::Key { id, rule }),
            });
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// The key with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<AccessKey> {
        self.0.get(id).cloned()
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
            ("{}", "no access keys"),
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
