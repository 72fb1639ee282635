use super::media_fields::{cate_id, cover_url, file_name, reference_id, text};
use super::video_ref::VideoRef;
use crate::error::ApiError;
use crate::fields::{ConfigError, Fields, as_object, given, wrong};
use crate::lenient;
use crate::parameters::Values;
use crate::user_data::UserData;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The most files of one call.
const MAX_ENTRIES: usize = 10;

/// Make files known as videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterMedia {
    /// 1 to 10. A bad one is no reason to refuse the others.
    pub entries: Vec<Result<MediaEntry, RejectedEntry>>,
    /// As with the TemplateGroupId `VOD_NO_TRANSCODE`: the videos are Normal at once; else they are UploadSucc.
    pub is_playable: bool,
    /// Valid UserData as given; its callback holds for later jobs.
    pub user_data: Option<String>,
}

/// Whether videos of this TemplateGroupId are not transcoded, so that they are playable at once.
pub(super) fn is_playable(template_group_id: Option<&str>) -> bool {
    template_group_id == Some("VOD_NO_TRANSCODE")
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

/// An entry that names no file, or breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedEntry {
    /// As given, cut where it is too long; empty where there is none.
    pub file_url: String,
    /// A sentence that names the field and its rule.
    pub reason: String,
}

impl RegisterMedia {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let metadatas = values.text("RegisterMetadatas")?.unwrap_or_default();
        let user_data = values.text("UserData")?;
        user_data.map_or(Ok(None), UserData::read)?;
        values.text("WorkflowId")?;
        Ok(Self {
            entries: entries(metadatas)?,
            is_playable: is_playable(values.text("TemplateGroupId")?),
            user_data: user_data.map(str::to_owned),
        })
    }
}

/// One sample of the documents passes a bare object.
fn entries(text: &str) -> Result<Vec<Result<MediaEntry, RejectedEntry>>, ApiError> {
    let rule = "It must be a JSON array of 1 to 10 objects";
    let wrong = |rule: &str| ApiError::invalid("RegisterMetadatas", rule);
    let mut list = match lenient::read(text).map_err(|cause| wrong(&format!("{rule}: {cause}.")))? {
        Value::Array(list) => list,
        object @ Value::Object(_) => vec![object],
        _ => return Err(wrong(&format!("{rule}."))),
    };
    list.retain(|value| !lenient::is_nothing(value));
    if !(1..=MAX_ENTRIES).contains(&list.len()) {
        return Err(wrong(&format!("{rule}.")));
    }
    Ok(list.iter().map(entry).collect())
}

fn entry(value: &Value) -> Result<MediaEntry, RejectedEntry> {
    let Some(fields) = as_object(value) else {
        return Err(RejectedEntry {
            file_url: String::new(),
            reason: "Each entry must be a JSON object.".to_owned(),
        });
    };
    MediaEntry::read(&fields).map_err(|ConfigError(reason)| {
        let file_url = given(&fields, "FileURL").and_then(Value::as_str);
        let file_url = file_url.unwrap_or_default();
        RejectedEntry {
            file_url: start(file_url).to_owned(),
            reason,
        }
    })
}

/// The longest FileURL, bytes.
const MAX_URL_BYTES: usize = 1024;

/// As much of a FileURL as one may have.
fn start(file_url: &str) -> &str {
    let ends = (0..=MAX_URL_BYTES.min(file_url.len())).rev();
    let mut whole = ends.filter_map(|end| file_url.get(..end));
    whole.next().unwrap_or_default()
}

impl MediaEntry {
    fn read(fields: &Fields) -> Result<Self, ConfigError> {
        let must = |name: &str| wrong(format!("Each entry must have {name}."));
        let file_url =
            file_name(fields, "FileURL", MAX_URL_BYTES)?.ok_or_else(|| must("FileURL"))?;
        if !has_extension(&file_url) {
            return Err(wrong("FileURL must end in a file name with an extension."));
        }
        Ok(Self {
            file_url,
            title: text(fields, "Title", 128)?.ok_or_else(|| must("Title"))?,
            description: text(fields, "Description", 1024)?,
            tags: text(fields, "Tags", 1024)?,
            cover_url: cover_url(fields)?,
            cate_id: cate_id(fields)?,
            reference_id: reference_id(fields)?,
        })
    }
}

/// A `?` or `#` may begin a URL's query or fragment, or stand in a file's name; and any sign may be
/// encoded.
fn has_extension(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    [path, url, &decoded].into_iter().any(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let parts = name.rsplit_once('.');
        parts.is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
    })
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
