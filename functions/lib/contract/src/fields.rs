//! The fields of a JSON object that a client wrote: what says nothing is as good as absent,
//! numbers and booleans may be strings, and objects may stand in strings.

use crate::lenient;
use crate::lenient::bare;
use crate::number::whole_value;
use serde_json::{Map, Value};
use thiserror::Error;

/// The fields.
pub(crate) type Fields = Map<String, Value>;

/// What is wrong with a config, as a sentence that names the field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ConfigError(pub(crate) String);

/// A field that says something.
pub(crate) fn given<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !lenient::is_nothing(value))
}

/// Whether none of the fields says anything.
pub(crate) fn is_blank(fields: &Fields) -> bool {
    fields.values().all(lenient::is_nothing)
}

/// A whole number in its range.
pub(crate) fn number(
    fields: &Fields,
    name: &str,
    min: u32,
    max: u32,
    unit: &str,
) -> Result<Option<u32>, ConfigError> {
    let Some(value) = given(fields, name) else {
        return Ok(None);
    };
    let number = whole_value(value).and_then(|long| u32::try_from(long).ok());
    let rule = || {
        ConfigError(format!(
            "{name} must be an integer from {min} to {max}{unit}."
        ))
    };
    number
        .filter(|number| (min..=max).contains(number))
        .map(Some)
        .ok_or_else(rule)
}

/// Whether something is so.
pub(crate) fn boolean(fields: &Fields, name: &str) -> Result<Option<bool>, ConfigError> {
    let said = match given(fields, name) {
        None => return Ok(None),
        Some(Value::Bool(said)) => Some(*said),
        Some(Value::String(text)) => {
            let word = bare(text.trim()).to_ascii_lowercase();
            word.parse().ok()
        }
        Some(_) => None,
    };
    let rule = || ConfigError(format!("{name} must be true or false."));
    said.map(Some).ok_or_else(rule)
}

/// An object, or one in a string.
pub(crate) fn object(fields: &Fields, name: &str) -> Result<Option<Fields>, ConfigError> {
    let rule = || ConfigError(format!("{name} must be an object."));
    given(fields, name)
        .map(|value| as_object(value).ok_or_else(rule))
        .transpose()
}

/// A value that is an object, or one in a string.
pub(crate) fn as_object(value: &Value) -> Option<Fields> {
    match value {
        Value::Object(fields) => Some(fields.clone()),
        Value::String(text) => match lenient::read(text) {
            Ok(Value::Object(fields)) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

/// A text.
pub(crate) fn word<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    given(fields, name).and_then(Value::as_str)
}

pub(crate) fn wrong(rule: impl Into<String>) -> ConfigError {
    ConfigError(rule.into())
}
