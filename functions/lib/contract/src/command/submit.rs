use super::ids::other_id;
use super::video_ref::VideoRef;
use crate::error::ApiError;
use crate::id::TemplateId;
use crate::parameters::Values;
use crate::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec, SpriteSpec};
use crate::sprite;
use crate::storyboard;
use crate::user_data::UserData;

/// Take pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitSnapshotJob {
    /// Of which video.
    pub video: VideoRef,
    /// Which.
    pub what: SnapshotSource,
    /// Who is told, and what is echoed.
    pub user_data: Option<UserData>,
    /// What makes a retry the same job.
    pub client_token: Option<ClientToken>,
}

/// Tells a retry from another call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientToken {
    /// As said: `[A-Za-z0-9_-]`, 1 to 64.
    pub text: String,
    /// SHA-256, in hex, of the call's other parameters: the same token with others is a mistake of
    /// the caller's.
    pub fingerprint: String,
    /// The same as earlier releases made and stored it, letter for letter.
    pub literal_fingerprint: String,
}

/// Which pictures to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotSource {
    /// These.
    Spec(SnapshotSpec),
    /// Those of the template with this id, at most 64 characters of any kind.
    Template(TemplateId),
}

impl SubmitSnapshotJob {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        // With a template nothing else counts, and so nothing else can be wrong.
        let what = if values.is_given("SnapshotTemplateId") {
            SnapshotSource::Template(other_id(values, "SnapshotTemplateId").into())
        } else {
            SnapshotSource::Spec(spec(values)?)
        };
        let user_data = values.text("UserData")?.map_or(Ok(None), UserData::read)?;
        Ok(Self {
            video: VideoRef::read(values)?,
            what,
            user_data,
            client_token: client_token(values)?,
        })
    }
}

fn client_token(values: &Values<'_>) -> Result<Option<ClientToken>, ApiError> {
    let name = "ClientToken";
    let text = values.text(name)?;
    Ok(text.map(|text| ClientToken {
        text: text.to_owned(),
        fingerprint: values.fingerprint(name),
        literal_fingerprint: values.literal_fingerprint(name),
    }))
}

fn spec(values: &Values<'_>) -> Result<SnapshotSpec, ApiError> {
    let points = points(values)?;
    Ok(SnapshotSpec {
        width: values.u32("Width")?,
        height: values.u32("Height")?,
        frame_type: FrameType::Normal,
        sprite: sprite(values, &points)?,
        points,
        animation: None,
        image_format: ImageFormat::Jpeg,
    })
}

fn sprite(values: &Values<'_>, points: &PointSpec) -> Result<Option<SpriteSpec>, ApiError> {
    let name = "SpriteSnapshotConfig";
    let config = values.text(name)?.unwrap_or_default();
    let sprite = sprite::read(config);
    let sprite = sprite.map_err(|rule| ApiError::invalid(name, &rule.to_string()))?;
    if let Some(sprite) = &sprite {
        let refused = |rule| ApiError::invalid(name, &format!("Outputs: {rule}"));
        storyboard::check(points, sprite).map_err(refused)?;
    }
    Ok(sprite)
}

/// All of them are checked, even those that a list replaces.
fn points(values: &Values<'_>) -> Result<PointSpec, ApiError> {
    let count = values.u32("Count")?;
    let interval_s = values.long("Interval")?.unwrap_or(1);
    let offset_ms = values.long("SpecifiedOffsetTime")?.unwrap_or(0);
    Ok(match values.longs("SpecifiedOffsetTimes")? {
        Some(times_ms) => PointSpec::At { times_ms },
        None => PointSpec::spread(count, interval_s, offset_ms),
    })
}
