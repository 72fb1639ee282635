//! TemplateConfig: JSON text to a job's spec, and back as it was given.

mod dynamic_image;

use crate::error::ApiError;
use crate::fields::{ConfigError, Fields, as_object, boolean, given, number, object, word, wrong};
use crate::lenient;
use crate::number::whole_value;
use crate::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec, SpriteSpec};
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
    /// An animated image.
    DynamicImage,
}

/// What templates are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateType {
    /// Pictures, and sheets of them.
    Snapshot,
    /// Animated images.
    DynamicImage,
}

impl TemplateType {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Snapshot, Self::DynamicImage];

    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "Snapshot",
            Self::DynamicImage => "DynamicImage",
        }
    }

    /// The type of this wire name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A valid template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateConfig {
    kind: TemplateKind,
    spec: SnapshotSpec,
    json: String,
}

impl TemplateConfig {
    /// Reads a config of any type, written in any way of [`lenient`]. FrameType is `normal` by default,
    /// SpecifiedOffsetTime 0, and of Count and Interval one may be missing, as in a direct call.
    ///
    /// # Errors
    /// InvalidParameter names TemplateConfig, and the field with its range.
    pub fn read(text: &str, max_snapshots: u32) -> Result<Self, ApiError> {
        read(text, max_snapshots)
            .map_err(|ConfigError(rule)| ApiError::invalid("TemplateConfig", &rule))
    }

    /// As [`Self::read`], of one type.
    ///
    /// # Errors
    /// As [`Self::read`], and that it is of another type.
    pub fn read_as(
        text: &str,
        template_type: TemplateType,
        max_snapshots: u32,
    ) -> Result<Self, ApiError> {
        let config = Self::read(text, max_snapshots)?;
        if config.template_type() != template_type {
            let rule = format!("It must be of TemplateType {}.", template_type.name());
            return Err(ApiError::invalid("TemplateConfig", &rule));
        }
        Ok(config)
    }

    /// The same with what `text`, the OverrideParams of a call, says in its place. Of objects only the
    /// fields that it names change.
    ///
    /// # Errors
    /// InvalidParameter names OverrideParams, and what is wrong with it.
    pub fn overridden(&self, text: &str) -> Result<Self, ApiError> {
        overridden(&self.json, text)
            .map_err(|ConfigError(rule)| ApiError::invalid("OverrideParams", &rule))
    }

    /// What templates it is one of.
    #[must_use]
    pub fn template_type(&self) -> TemplateType {
        match self.kind {
            TemplateKind::DynamicImage => TemplateType::DynamicImage,
            TemplateKind::Normal | TemplateKind::Sprite | TemplateKind::WebVtt { .. } => {
                TemplateType::Snapshot
            }
        }
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

fn read(text: &str, max_snapshots: u32) -> Result<TemplateConfig, ConfigError> {
    let malformed = |cause| wrong(format!("It must be a JSON object: {cause}."));
    let json = lenient::strict(text).map_err(malformed)?.into_owned();
    let Value::Object(fields) = serde_json::from_str(&json).map_err(malformed)? else {
        return Err(wrong("It must be a JSON object."));
    };
    if dynamic_image::is_one(&fields) {
        let (kind, spec) = (TemplateKind::DynamicImage, dynamic_image::spec(&fields)?);
        return Ok(TemplateConfig { kind, spec, json });
    }
    let config = object(&fields, "SnapshotConfig")?;
    let config = &config.ok_or_else(|| wrong("SnapshotConfig must be an object."))?;
    let kind = kind(&fields, config)?;
    let spec = SnapshotSpec {
        points: points(config, max_snapshots)?,
        width: number(config, "Width", 8, 4096, " px")?,
        height: number(config, "Height", 8, 4096, " px")?,
        frame_type: frame_type(config)?,
        sprite: tiles(kind, config)?,
        animation: None,
        image_format: image_format(config)?,
    };
    if let Some(sprite) = &spec.sprite {
        let refused = |rule| wrong(format!("Outputs: {rule}"));
        storyboard::check(&spec.points, sprite).map_err(refused)?;
        let refused = |rule| wrong(format!("ImageFormat: {rule}"));
        storyboard::check_images(sprite, spec.image_format).map_err(refused)?;
    }
    Ok(TemplateConfig { kind, spec, json })
}

fn overridden(config: &str, text: &str) -> Result<TemplateConfig, ConfigError> {
    let malformed = |cause| wrong(format!("It must be a JSON object: {cause}."));
    let changes: Value =
        serde_json::from_str(&lenient::strict(text).map_err(malformed)?).map_err(malformed)?;
    let Value::Object(changes) = changes else {
        return Err(wrong("It must be a JSON object."));
    };
    if given(&changes, "Watermarks").is_some() {
        return Err(wrong("Watermarks are not made."));
    }
    let mut whole: Value = serde_json::from_str(config).map_err(malformed)?;
    for (name, change) in changes {
        merge(&mut whole[name], change);
    }
    read(&whole.to_string(), u32::MAX)
}

/// Puts a change in the place of what it names, an object in a string like any other object.
fn merge(known: &mut Value, change: Value) {
    if lenient::is_nothing(&change) {
        return;
    }
    let Some((mut fields, changes)) = as_object(known).zip(as_object(&change)) else {
        *known = change;
        return;
    };
    for (name, change) in changes {
        merge(fields.entry(name).or_insert(Value::Null), change);
    }
    *known = Value::Object(fields);
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

/// Ours: `Format` is the vendor's, of the file that lists pictures.
fn image_format(config: &Fields) -> Result<ImageFormat, ConfigError> {
    let Some(given) = given(config, "ImageFormat") else {
        return Ok(ImageFormat::default());
    };
    let mut known = ImageFormat::OF_TEMPLATES.into_iter();
    let named = known.find(|format| given.as_str() == Some(format.extension()));
    named.ok_or_else(|| wrong("ImageFormat must be jpg or webp."))
}

#[cfg(test)]
mod tests;
