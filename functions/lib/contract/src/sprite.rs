//! SpriteSnapshotConfig.

mod color;

use crate::fields::{Fields, given, number};
use crate::lenient;
use crate::snapshot::{Color, SpriteSpec};
use crate::storyboard_format::StoryboardFormat;
use serde_json::Value;
use std::collections::BTreeSet;

pub use crate::fields::ConfigError;

/// Reads a config; an empty text is none.
///
/// Any way of writing of [`lenient`]; numbers may be whole doubles or strings; unknown fields are
/// ignored, and null, an empty string or an empty array is as good as nothing.
///
/// # Errors
/// Names the field and its range: CellWidth and CellHeight 8 to 4096 px, Padding and Margin 0
/// to 4096 px, Columns and Lines 1 to 10000, Color a CSS colour name, `#RRGGBB` or `random`,
/// KeepCellPic `keep` or `delete`, Outputs names of [`StoryboardFormat`]s in a list or a text.
pub fn read(text: &str) -> Result<Option<SpriteSpec>, ConfigError> {
    if lenient::says_nothing(text) {
        return Ok(None);
    }
    match lenient::read(text) {
        Ok(Value::Object(fields)) => spec(&fields).map(Some),
        Ok(_) => Err(ConfigError("It must be a JSON object.".to_owned())),
        Err(cause) => Err(ConfigError(format!("It must be a JSON object: {cause}."))),
    }
}

/// The fields of a config.
pub const FIELDS: [&str; 9] = [
    "CellWidth",
    "CellHeight",
    "Padding",
    "Margin",
    "Columns",
    "Lines",
    "Color",
    "KeepCellPic",
    "Outputs",
];

/// The first field of a config that is none of [`FIELDS`], for whoever does not pass over them.
#[must_use]
pub fn unknown_field(text: &str) -> Option<String> {
    let Ok(Value::Object(fields)) = lenient::read(text) else {
        return None;
    };
    let mut names = fields.into_iter().map(|(name, _)| name);
    names.find(|name| !FIELDS.contains(&&**name))
}

/// The config as `fields`.
pub(crate) fn spec(fields: &Fields) -> Result<SpriteSpec, ConfigError> {
    Ok(SpriteSpec {
        cell_width: number(fields, "CellWidth", 8, 4096, " px")?,
        cell_height: number(fields, "CellHeight", 8, 4096, " px")?,
        padding: number(fields, "Padding", 0, 4096, " px")?.unwrap_or(0),
        margin: number(fields, "Margin", 0, 4096, " px")?.unwrap_or(0),
        columns: number(fields, "Columns", 1, 10_000, "")?.unwrap_or(10),
        lines: number(fields, "Lines", 1, 10_000, "")?.unwrap_or(10),
        color: color(fields)?,
        keep_cell_pic: keeps(fields)?,
        outputs: outputs(fields)?,
    })
}

fn color(fields: &Fields) -> Result<Color, ConfigError> {
    let named = match given(fields, "Color") {
        None => Some(Color::Rgb([0, 0, 0])),
        Some(value) => value.as_str().and_then(color::named),
    };
    let rule = "Color must be a CSS colour name, #RRGGBB or random.";
    named.ok_or_else(|| ConfigError(rule.to_owned()))
}

fn keeps(fields: &Fields) -> Result<bool, ConfigError> {
    match given(fields, "KeepCellPic").map(|value| value.as_str()) {
        None | Some(Some("keep")) => Ok(true),
        Some(Some("delete")) => Ok(false),
        Some(_) => Err(ConfigError(
            "KeepCellPic must be keep or delete.".to_owned(),
        )),
    }
}

/// The forms that players read, each once: a list of names, or names separated by commas.
fn outputs(fields: &Fields) -> Result<Vec<StoryboardFormat>, ConfigError> {
    let names = match given(fields, "Outputs") {
        None => return Ok(Vec::new()),
        Some(Value::String(text)) => Some(text.split(',').map(str::trim).collect()),
        Some(Value::Array(items)) => items.iter().map(Value::as_str).collect::<Option<Vec<_>>>(),
        Some(_) => None,
    };
    let named = |names: Vec<&str>| names.into_iter().map(StoryboardFormat::named).collect();
    let formats: Option<BTreeSet<_>> = names.and_then(named);
    let formats = formats.ok_or_else(|| {
        let all = StoryboardFormat::ALL.map(StoryboardFormat::name).join(", ");
        ConfigError(format!("Outputs must be a list of names among {all}."))
    })?;
    Ok(formats.into_iter().collect())
}

#[cfg(test)]
mod tests;
