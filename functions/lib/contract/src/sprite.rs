//! SpriteSnapshotConfig.

mod color;

use crate::fields::{Fields, given, number};
use crate::lenient;
use crate::snapshot::{Color, Extent, SheetFit, SpriteSpec};
use crate::storyboard_format::StoryboardFormat;
use serde_json::Value;
use std::collections::BTreeSet;

pub use crate::fields::ConfigError;

/// Reads a config; an empty text is none.
///
/// CellWidth, CellHeight, Columns and Lines may be `auto`. Any way of writing of [`lenient`]; numbers may be whole doubles or strings; unknown fields are
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

/// Whether a config says something of this field.
#[must_use]
pub fn has_field(text: &str, name: &str) -> bool {
    match lenient::read(text) {
        Ok(Value::Object(fields)) => given(&fields, name).is_some(),
        _ => false,
    }
}

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
    let (cell_width, cell_height) = (side(fields, "CellWidth")?, side(fields, "CellHeight")?);
    let (columns, lines) = (
        extent(fields, "Columns", MOST_AUTOMATIC_COLUMNS)?,
        extent(fields, "Lines", MOST_EXTENT)?,
    );
    let fit = SheetFit {
        cell: is_automatic(fields, "CellWidth") || is_automatic(fields, "CellHeight"),
        columns: columns.1,
        lines: lines.1,
        most_side: None,
    };
    // Whatever the video decides of a sheet, the sheet is one that all devices show.
    let most_side = (fit != SheetFit::default()).then_some(SheetFit::MOST_SIDE);
    Ok(SpriteSpec {
        cell_width,
        cell_height,
        padding: number(fields, "Padding", 0, 4096, " px")?.unwrap_or(0),
        margin: number(fields, "Margin", 0, 4096, " px")?.unwrap_or(0),
        columns: columns.0,
        lines: lines.0,
        color: color(fields)?,
        keep_cell_pic: keeps(fields)?,
        outputs: outputs(fields)?,
        fit: SheetFit { most_side, ..fit },
    })
}

const MOST_EXTENT: u32 = 10_000;
/// A bar has ten pictures in sight on a screen for editors.
const MOST_AUTOMATIC_COLUMNS: u32 = 10;

/// Whether the video decides.
pub(crate) fn is_automatic(fields: &Fields, name: &str) -> bool {
    given(fields, name).and_then(Value::as_str) == Some("auto")
}

/// A side of a cell; none where the video decides.
fn side(fields: &Fields, name: &str) -> Result<Option<u32>, ConfigError> {
    match is_automatic(fields, name) {
        true => Ok(None),
        false => number(fields, name, 8, 4096, " px"),
    }
}

/// A number of columns or lines, which is at most `most` where the video decides.
fn extent(fields: &Fields, name: &str, most: u32) -> Result<(u32, Extent), ConfigError> {
    match is_automatic(fields, name) {
        true => Ok((most, Extent::Needed)),
        false => {
            let given = number(fields, name, 1, MOST_EXTENT, "")?;
            Ok((given.unwrap_or(10), Extent::Exact))
        }
    }
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
