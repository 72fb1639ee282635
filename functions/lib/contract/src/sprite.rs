//! SpriteSnapshotConfig.

mod color;

use crate::lenient;
use crate::snapshot::{Color, SpriteSpec};
use serde_json::{Map, Value};
use thiserror::Error;

/// What is wrong with a config, as a sentence that names the field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ConfigError(pub(crate) String);

/// Reads a config; an empty text is none.
///
/// Any way of writing of [`lenient`]; numbers may be strings; unknown fields are ignored, and
/// null or an empty string is as good as nothing.
///
/// # Errors
/// Names the field and its range: CellWidth and CellHeight 8 to 4096 px, Padding and Margin 0
/// to 4096 px, Columns and Lines 1 to 10000, Color a CSS colour name, `#RRGGBB` or `random`,
/// KeepCellPic `keep` or `delete`.
pub fn read(text: &str) -> Result<Option<SpriteSpec>, ConfigError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match lenient::read(text) {
        Ok(Value::Object(fields)) => spec(&fields).map(Some),
        Ok(_) => Err(ConfigError("It must be a JSON object.".to_owned())),
        Err(cause) => Err(ConfigError(format!("It must be a JSON object: {cause}."))),
    }
}

/// The config as `fields`.
pub(crate) fn spec(fields: &Map<String, Value>) -> Result<SpriteSpec, ConfigError> {
    Ok(SpriteSpec {
        cell_width: number(fields, "CellWidth", 8, 4096, " px")?,
        cell_height: number(fields, "CellHeight", 8, 4096, " px")?,
        padding: number(fields, "Padding", 0, 4096, " px")?.unwrap_or(0),
        margin: number(fields, "Margin", 0, 4096, " px")?.unwrap_or(0),
        columns: number(fields, "Columns", 1, 10_000, "")?.unwrap_or(10),
        lines: number(fields, "Lines", 1, 10_000, "")?.unwrap_or(10),
        color: color(fields)?,
        keep_cell_pic: keeps(fields)?,
    })
}

fn color(fields: &Map<String, Value>) -> Result<Color, ConfigError> {
    let named = match given(fields, "Color") {
        None => Some(Color::Rgb([0, 0, 0])),
        Some(value) => value.as_str().and_then(color::named),
    };
    let rule = "Color must be a CSS colour name, #RRGGBB or random.";
    named.ok_or_else(|| ConfigError(rule.to_owned()))
}

fn keeps(fields: &Map<String, Value>) -> Result<bool, ConfigError> {
    match given(fields, "KeepCellPic").map(|value| value.as_str()) {
        None | Some(Some("keep")) => Ok(true),
        Some(Some("delete")) => Ok(false),
        Some(_) => Err(ConfigError(
            "KeepCellPic must be keep or delete.".to_owned(),
        )),
    }
}

/// A field that says something.
pub(crate) fn given<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields
        .get(name)
        .filter(|value| !value.is_null() && value.as_str() != Some(""))
}

/// A number, bare or as a string, in its range.
pub(crate) fn number(
    fields: &Map<String, Value>,
    name: &str,
    min: u32,
    max: u32,
    unit: &str,
) -> Result<Option<u32>, ConfigError> {
    let Some(value) = given(fields, name) else {
        return Ok(None);
    };
    let number = long(value).and_then(|long| u32::try_from(long).ok());
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

/// A whole number, bare or as a string.
pub(crate) fn long(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => crate::parameters::digits(text.trim()),
        other => other.as_i64().and_then(|long| u64::try_from(long).ok()),
    }
}

#[cfg(test)]
mod tests;
