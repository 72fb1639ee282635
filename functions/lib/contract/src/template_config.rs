//! TemplateConfig: JSON text to a job's spec, and back as it was given.

use crate::error::ApiError;
use crate::fields::{ConfigError, Fields, boolean, given, number, object};
use crate::lenient;
use crate::number::whole_value;
use crate::snapshot::{FrameType, PointSpec, SnapshotSpec, SpriteSpec};
use crate::sprite;
use crate::storyboard;
use serde_json::Value;

/// What a template makes of its pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// A JPEG per time point.
    Normal,
    /// Sprite sheets.
    Sprite,
    /// A WebVTT file that lists the pictures.
    WebVtt {
        /// The pictures are joined into sheets, and cues say where.
        tiled: bool,
    },
}

/// A valid template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateConfig {
    kind: TemplateKind,
    spec: SnapshotSpec,
    json: String,
}

impl TemplateConfig {
    /// Reads a config written in any way of [`lenient`]. FrameType is `normal` by default,
    /// SpecifiedOffsetTime 0, and of Count and Interval one may be missing, as in a direct call.
    ///
    /// # Errors
    /// InvalidParameter names TemplateConfig, and the field with its range.
    pub fn read(text: &str, max_snapshots: u32) -> Result<Self, ApiError> {
        read(text, max_snapshots)
            .map_err(|ConfigError(rule)| ApiError::invalid("TemplateConfig", &rule))
    }

    /// What it makes.
    #[must_use]
    pub fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// What a job of it takes. The sprite is there for sheets of either kind.
    #[must_use]
    pub fn spec(&self) -> &SnapshotSpec {
        &self.spec
    }

    /// Strict JSON; as given where that was strict.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }
}

fn wrong(rule: impl Into<String>) -> ConfigError {
    ConfigError(rule.into())
}

fn read(text: &str, max_snapshots: u32) -> Result<TemplateConfig, ConfigError> {
    let malformed = |cause| wrong(format!("It must be a JSON object: {cause}."));
    let json = lenient::strict(text).map_err(malformed)?.into_owned();
    let Value::Object(fields) = serde_json::from_str(&json).map_err(malformed)? else {
        return Err(wrong("It must be a JSON object."));
    };
    let config = object(&fields, "SnapshotConfig")?;
    let config = &config.ok_or_else(|| wrong("SnapshotConfig must be an object."))?;
    let kind = kind(&fields, config)?;
    let spec = SnapshotSpec {
        points: points(config, max_snapshots)?,
        width: number(config, "Width", 8, 4096, " px")?,
        height: number(config, "Height", 8, 4096, " px")?,
        frame_type: frame_type(config)?,
        sprite: tiles(kind, config)?,
    };
    if let Some(sprite) = &spec.sprite {
        let refused = |rule| wrong(format!("Outputs: {rule}"));
        storyboard::check(&spec.points, sprite).map_err(refused)?;
    }
    Ok(TemplateConfig { kind, spec, json })
}

fn kind(fields: &Fields, config: &Fields) -> Result<TemplateKind, ConfigError> {
    match word(fields, "SnapshotType") {
        Some("NormalSnapshot") => Ok(TemplateKind::Normal),
        Some("SpriteSnapshot") => Ok(TemplateKind::Sprite),
        Some("WebVttSnapshot") => web_vtt(config),
        _ => Err(wrong(
            "SnapshotType must be NormalSnapshot, SpriteSnapshot or WebVttSnapshot.",
        )),
    }
}

fn web_vtt(config: &Fields) -> Result<TemplateKind, ConfigError> {
    if given(config, "Format").is_some_and(|format| format.as_str() != Some("vtt")) {
        return Err(wrong("Format must be vtt."));
    }
    let sub_out = object(config, "SubOut")?.unwrap_or_default();
    let tiled = boolean(&sub_out, "IsSptFrag")?.unwrap_or(false);
    Ok(TemplateKind::WebVtt { tiled })
}

fn tiles(kind: TemplateKind, config: &Fields) -> Result<Option<SpriteSpec>, ConfigError> {
    let tiled = matches!(
        kind,
        TemplateKind::Sprite | TemplateKind::WebVtt { tiled: true }
    );
    if !tiled {
        return Ok(None);
    }
    match object(config, "SpriteSnapshotConfig")? {
        Some(fields) => sprite::spec(&fields).map(Some),
        None if kind == TemplateKind::Sprite => {
            Err(wrong("SpriteSnapshotConfig must be an object."))
        }
        None => sprite::spec(&Fields::new()).map(Some),
    }
}

fn points(config: &Fields, max_snapshots: u32) -> Result<PointSpec, ConfigError> {
    let offset_ms = longer(config, "SpecifiedOffsetTime", " ms")?.unwrap_or(0);
    if sprite::is_automatic(config, "Interval") {
        return match given(config, "Count") {
            None if offset_ms == 0 => Ok(PointSpec::Automatic),
            _ => Err(wrong(
                "An Interval of auto takes no Count and no SpecifiedOffsetTime.",
            )),
        };
    }
    let interval_s = longer(config, "Interval", " s")?;
    let count = number(config, "Count", 1, max_snapshots, "")?;
    if count.is_none() && interval_s.is_none() {
        return Err(wrong("SnapshotConfig must have Count or Interval."));
    }
    Ok(PointSpec::spread(count, interval_s.unwrap_or(1), offset_ms))
}

fn longer(config: &Fields, name: &str, unit: &str) -> Result<Option<u64>, ConfigError> {
    let rule = || wrong(format!("{name} must be an integer of 0{unit} or more."));
    given(config, name)
        .map(|value| whole_value(value).ok_or_else(rule))
        .transpose()
}

fn frame_type(config: &Fields) -> Result<FrameType, ConfigError> {
    match word(config, "FrameType") {
        Some("normal") => Ok(FrameType::Normal),
        Some("intra") => Ok(FrameType::Intra),
        None if given(config, "FrameType").is_none() => Ok(FrameType::Normal),
        _ => Err(wrong("FrameType must be normal or intra.")),
    }
}

fn word<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    given(fields, name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests;
