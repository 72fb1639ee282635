use super::video_ref::VideoRef;
use crate::error::ApiError;
use crate::lenient;
use crate::parameters::Values;
use crate::sprite::given;
use crate::user_data::UserData;
use serde_json::{Map, Value};

/// The most files of one call.
const MAX_ENTRIES: usize = 10;

/// Make files known as videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterMedia {
    /// 1 to 10.
    pub entries: Vec<MediaEntry>,
    /// `VOD_NO_TRANSCODE`: the videos are Normal at once; else they are UploadSucc.
    pub template_group_id: Option<String>,
    /// Valid UserData as given; its callback holds for later jobs.
    pub user_data: Option<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaEntry {
    /// With a file extension; at most 1024 bytes.
    pub file_url: String,
    /// At most 128 bytes.
    pub title: String,
    /// At most 1024 bytes.
    pub description: Option<String>,
    /// Comma-separated.
    pub tags: Option<String>,
    /// A picture somewhere.
    pub cover_url: Option<String>,
    /// The caller's category.
    pub cate_id: Option<i64>,
    /// The caller's own id, `[A-Za-z0-9_-]`, 6 to 64.
    pub reference_id: Option<String>,
}

impl RegisterMedia {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let metadatas = values.text("RegisterMetadatas")?.unwrap_or_default();
        let user_data = values.text("UserData")?;
        user_data.map_or(Ok(None), UserData::read)?;
        values.text("WorkflowId")?;
        Ok(Self {
            entries: entries(metadatas)?,
            template_group_id: values.text("TemplateGroupId")?.map(str::to_owned),
            user_data: user_data.map(str::to_owned),
        })
    }
}

fn wrong(rule: &str) -> ApiError {
    ApiError::invalid("RegisterMetadatas", rule)
}

/// One sample of the documents passes a bare object.
fn entries(text: &str) -> Result<Vec<MediaEntry>, ApiError> {
    let rule = "It must be a JSON array of 1 to 10 objects";
    let list = match lenient::read(text).map_err(|cause| wrong(&format!("{rule}: {cause}.")))? {
        Value::Array(list) if (1..=MAX_ENTRIES).contains(&list.len()) => list,
        object @ Value::Object(_) => vec![object],
        _ => return Err(wrong(&format!("{rule}."))),
    };
    let entry = |value: &Value| match value {
        Value::Object(fields) => MediaEntry::read(fields),
        _ => Err(wrong(&format!("{rule}."))),
    };
    list.iter().map(entry).collect()
}

impl MediaEntry {
    fn read(fields: &Map<String, Value>) -> Result<Self, ApiError> {
        let must = |name: &str| wrong(&format!("Each entry must have {name}."));
        let file_url = text(fields, "FileURL", 1024)?.ok_or_else(|| must("FileURL"))?;
        if !has_extension(&file_url) {
            return Err(wrong("FileURL must end in a file name with an extension."));
        }
        let reference_id = text(fields, "ReferenceId", 64)?;
        if reference_id
            .as_ref()
            .is_some_and(|id| id.len() < 6 || !crate::id::is_plausible(id))
        {
            return Err(wrong(
                "ReferenceId must be 6 to 64 of A-Z, a-z, 0-9, _ and -.",
            ));
        }
        Ok(Self {
            file_url,
            title: text(fields, "Title", 128)?.ok_or_else(|| must("Title"))?,
            description: text(fields, "Description", 1024)?,
            tags: text(fields, "Tags", 1024)?,
            cover_url: text(fields, "CoverURL", 1024)?,
            cate_id: cate_id(fields)?,
            reference_id,
        })
    }
}

fn text(
    fields: &Map<String, Value>,
    name: &str,
    max_bytes: usize,
) -> Result<Option<String>, ApiError> {
    match given(fields, name) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() > max_bytes => {
            Err(ApiError::length_exceeded(name, max_bytes))
        }
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(&format!("{name} must be a string."))),
    }
}

fn cate_id(fields: &Map<String, Value>) -> Result<Option<i64>, ApiError> {
    let long = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    let rule = || wrong("CateId must be an integer.");
    given(fields, "CateId")
        .map(|value| long(value).ok_or_else(rule))
        .transpose()
}

fn has_extension(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
}

/// Tell about a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetVideoInfo {
    /// Which.
    pub video: VideoRef,
}

impl GetVideoInfo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            video: VideoRef::read(values)?,
        })
    }
}

/// Tell about the source file of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetMezzanineInfo {
    /// Which.
    pub video: VideoRef,
}

impl GetMezzanineInfo {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.word("OutputType")?;
        values.long("AuthTimeout")?;
        values.text("AdditionType")?;
        Ok(Self {
            video: VideoRef::read(values)?,
        })
    }
}
