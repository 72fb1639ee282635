//! Uploads by URL.

use super::media::is_playable;
use super::media_fields::{cate_id, cover_url, reference_id, text};
use crate::error::ApiError;
use crate::fields::{ConfigError, Fields, as_object, given};
use crate::form;
use crate::id::JobId;
use crate::lenient;
use crate::parameters::Values;
use crate::url_key;
use crate::user_data::UserData;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::BTreeSet;

/// The most URLs of one upload call.
const MAX_URLS: usize = 20;
/// The most ids or URLs that one call asks for.
const MAX_ASKED: usize = 10;
/// Bytes of a URL: presigned ones are long.
const MAX_URL_BYTES: usize = 4096;
/// Bytes of a file name extension.
const MAX_EXTENSION_BYTES: usize = 16;
/// Bytes of a Title that is made of the URL's last part.
const MAX_TITLE_BYTES: usize = 128;

/// Download files and register them as videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadMediaByURL {
    /// 1 to 20.
    pub entries: Vec<UploadEntry>,
    /// Valid UserData as given; its callback holds for the upload's events and for later jobs.
    pub user_data: Option<String>,
    /// Of a call with a SessionId: the same for each repetition of the call, and for no other one.
    pub session: Option<String>,
}

/// One file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadEntry {
    /// An http or https URL with a host, not percent-encoded a second time.
    pub source_url: String,
    /// At most 128 bytes; the last part of the URL where none was given.
    pub title: String,
    /// `[A-Za-z0-9]`, 1 to 16.
    pub extension: String,
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
    /// As with the TemplateGroupId `VOD_NO_TRANSCODE`: the video is Normal at once; else it is UploadSucc.
    pub is_playable: bool,
}

impl UploadMediaByURL {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let urls = urls(values.text("UploadURLs")?.unwrap_or_default(), MAX_URLS)?;
        let metadatas = metadatas(values.text("UploadMetadatas")?)?;
        let user_data = values.text("UserData")?;
        user_data.map_or(Ok(None), UserData::read)?;
        let group = values.text("TemplateGroupId")?;
        let session_id = values.text("SessionId")?.filter(|id| !id.is_empty());
        for ignored in ["StorageLocation", "WorkflowId", "AppId"] {
            values.text(ignored)?;
        }
        check_sources(&metadatas, &urls)?;
        let nothing = Fields::new();
        let entry = |url: &String| {
            let fields = of_url(&metadatas, url).unwrap_or(&nothing);
            UploadEntry::read(url, fields, group)
        };
        Ok(Self {
            entries: urls.iter().map(entry).collect::<Result<_, _>>()?,
            user_data: user_data.map(str::to_owned),
            session: session_id.map(|_| values.fingerprint("")),
        })
    }
}

impl UploadEntry {
    fn read(url: &str, fields: &Fields, group: Option<&str>) -> Result<Self, ApiError> {
        let text = |name, max_bytes| text(fields, name, max_bytes).map_err(wrong_field);
        let title = text("Title", MAX_TITLE_BYTES)?;
        Ok(Self {
            source_url: url.to_owned(),
            title: title.unwrap_or_else(|| title_of(url)),
            extension: extension(url, text("FileExtension", MAX_EXTENSION_BYTES)?)?,
            description: text("Description", 1024)?,
            tags: text("Tags", 1024)?,
            cover_url: cover_url(fields).map_err(wrong_field)?,
            cate_id: cate_id(fields).map_err(wrong_field)?,
            reference_id: reference_id(fields).map_err(wrong_field)?,
            is_playable: match text("TemplateGroupId", 128)? {
                Some(own) => is_playable(Some(&own)),
                None => is_playable(group),
            },
        })
    }
}

/// Tell how uploads by URL stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GetURLUploadInfos {
    /// By their ids, 1 to 10, each at most 64 characters of any kind.
    Jobs(Vec<JobId>),
    /// By their URLs, 1 to 10.
    Urls(Vec<String>),
}

impl GetURLUploadInfos {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let Some(ids) = values.text("JobIds")?.filter(|text| !text.is_empty()) else {
            let list = values.text("UploadURLs")?.unwrap_or_default();
            return Ok(Self::Urls(urls(list, MAX_ASKED)?));
        };
        let ids: Vec<_> = ids.split(',').map(str::trim).collect();
        let ids: Vec<_> = ids
            .into_iter()
            .filter(|id| !lenient::says_nothing(id))
            .collect();
        if !(1..=MAX_ASKED).contains(&ids.len()) {
            return Err(ApiError::invalid("JobIds", "It must have 1 to 10 ids."));
        }
        let short = |id: &str| JobId::from(id.chars().take(64).collect::<String>());
        Ok(Self::Jobs(ids.into_iter().map(short).collect()))
    }
}

fn wrong(rule: &str) -> ApiError {
    ApiError::invalid("UploadMetadatas", rule)
}

fn wrong_field(ConfigError(rule): ConfigError) -> ApiError {
    wrong(&rule)
}

fn wrong_url(url: &str, rule: &str) -> ApiError {
    ApiError::invalid("UploadURLs", &format!("{rule}: {}", shown(url)))
}

/// The beginning of a URL, without what may be a signature.
fn shown(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    form::truncate_for_error(shown)
}

/// The URLs of a list, each as it is called. Encoded ones have no comma of their own; what follows
/// a comma and is no URL belongs to the one before it.
fn urls(list: &str, max: usize) -> Result<Vec<String>, ApiError> {
    let mut urls: Vec<String> = Vec::new();
    for part in list.split(',') {
        match (has_scheme(&decoded(part)), urls.last_mut()) {
            (false, Some(last)) if !part.trim().is_empty() => {
                last.push(',');
                last.push_str(part.trim_end());
            }
            _ if part.trim().is_empty() => {}
            _ => urls.push(part.trim().to_owned()),
        }
    }
    let rule = format!("It must have 1 to {max} URLs, comma-separated.");
    if !(1..=max).contains(&urls.len()) {
        return Err(ApiError::invalid("UploadURLs", &rule));
    }
    urls.iter().map(|url| called(url)).collect()
}

fn called(url: &str) -> Result<String, ApiError> {
    let url = decoded(url);
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Err(wrong_url(
            &url,
            "Each URL must begin with http:// or https://",
        ));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(wrong_url(&url, "Each URL must have a host"));
    }
    if authority.contains('@') {
        let rule = "A URL must not have a user name or a password.";
        return Err(ApiError::invalid("UploadURLs", rule));
    }
    if url.len() > MAX_URL_BYTES {
        return Err(ApiError::length_exceeded("UploadURLs", MAX_URL_BYTES));
    }
    if url.contains(|c: char| c.is_control()) {
        return Err(ApiError::illegal_characters("UploadURLs"));
    }
    Ok(url)
}

/// A URL that was encoded whole, once decoded; any other as it stands.
fn decoded(url: &str) -> String {
    let url = url.trim();
    if has_scheme(url) {
        return url.to_owned();
    }
    let plain = percent_decode_str(url).decode_utf8();
    plain.map_or_else(|_| url.to_owned(), |plain| plain.trim().to_owned())
}

fn has_scheme(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn source_url(fields: &Fields) -> Option<String> {
    given(fields, "SourceURL")
        .and_then(Value::as_str)
        .map(decoded)
}

/// What is said of `url`: in its own spelling, or else in another one.
fn of_url<'a>(metadatas: &'a [Fields], url: &str) -> Option<&'a Fields> {
    let spelt = |fields: &&Fields| source_url(fields).as_deref() == Some(url);
    let key = url_key::of(url);
    let meant = |fields: &&Fields| source_url(fields).is_some_and(|url| url_key::of(&url) == key);
    let mut all = metadatas.iter();
    all.clone().find(spelt).or_else(|| all.find(meant))
}

/// Refuses what is said of a URL that is not of the call: nobody would learn that it was lost.
fn check_sources(metadatas: &[Fields], urls: &[String]) -> Result<(), ApiError> {
    let keys: BTreeSet<_> = urls.iter().map(|url| url_key::of(url)).collect();
    let mut sources = metadatas.iter().filter_map(source_url);
    match sources.find(|url| !keys.contains(&url_key::of(url))) {
        None => Ok(()),
        Some(other) => Err(wrong(&format!(
            "SourceURL of each entry must be one of UploadURLs: {}",
            shown(&other)
        ))),
    }
}

/// An object where there should be an array is one of one.
fn metadatas(text: Option<&str>) -> Result<Vec<Fields>, ApiError> {
    let rule = "It must be a JSON array of objects";
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(Vec::new());
    };
    let mut list = match lenient::read(text).map_err(|cause| wrong(&format!("{rule}: {cause}.")))? {
        Value::Array(list) => list,
        object => vec![object],
    };
    list.retain(|value| !lenient::is_nothing(value));
    let object = |value: &Value| match as_object(value) {
        Some(fields) if source_url(&fields).is_some() => Ok(fields),
        Some(_) => Err(wrong("Each entry must have SourceURL.")),
        None => Err(wrong(&format!("{rule}."))),
    };
    list.iter().map(object).collect()
}

/// The last part of a URL's path, decoded.
fn name_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let name = path.split_once('/').map_or("", |(_, path)| path);
    let name = name.rsplit('/').next().unwrap_or_default();
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

fn title_of(url: &str) -> String {
    let name = name_of(url);
    let mut title = String::new();
    for c in name.chars().filter(|c| !c.is_control()) {
        if title.len() + c.len_utf8() > MAX_TITLE_BYTES {
            break;
        }
        title.push(c);
    }
    match title.is_empty() {
        true => "upload".to_owned(),
        false => title,
    }
}

fn extension(url: &str, given: Option<String>) -> Result<String, ApiError> {
    let is_one = |text: &str| {
        (1..=MAX_EXTENSION_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if let Some(given) = given {
        let extension = given.trim_start_matches('.');
        return match is_one(extension) {
            true => Ok(extension.to_ascii_lowercase()),
            false => Err(wrong(
                "FileExtension must be 1 to 16 of A-Z, a-z and 0-9, such as mp4.",
            )),
        };
    }
    let name = name_of(url);
    let of_name = name.rsplit_once('.').map(|(_, extension)| extension);
    match of_name.filter(|extension| is_one(extension)) {
        Some(extension) => Ok(extension.to_ascii_lowercase()),
        None => Err(wrong_url(
            url,
            "A URL whose file name has no extension needs FileExtension in UploadMetadatas",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Vec<String> {
        urls(list, MAX_URLS).unwrap_or_default()
    }

    #[test]
    fn a_url_with_a_comma_of_its_own_stays_one() {
        let url = "http://a.example/x,y.mp4?a=1,2";
        assert_eq!(read(url), [url]);
        assert_eq!(read(&format!("{url},https://b.example/z.mp4")).len(), 2);
    }

    #[test]
    fn urls_are_taken_encoded_or_as_they_stand() {
        let encoded = "http%3A%2F%2Fa.example%2Fa%2520b.mp4%3Fx%3D1%2C2,http://b.example/c%20d.mp4";
        assert_eq!(
            read(encoded),
            [
                "http://a.example/a%20b.mp4?x=1,2",
                "http://b.example/c%20d.mp4"
            ]
        );
    }

    #[test]
    fn what_can_not_be_downloaded_is_refused_by_its_rule() {
        for (list, rule) in [
            ("", "1 to 20"),
            ("ftp://a.example/a.mp4", "http://"),
            ("file:///etc/passwd", "http://"),
            ("/videos/a.mp4", "http://"),
            ("http:///a.mp4", "host"),
            ("http://user:secret@a.example/a.mp4", "password"),
        ] {
            let refused = urls(list, MAX_URLS).map_err(|error| error.message().to_owned());
            let message = refused.err().unwrap_or_default();
            assert!(message.contains(rule), "{list}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
        let many = vec!["http://a.example/a.mp4"; 21].join(",");
        assert!(urls(&many, MAX_URLS).is_err());
    }

    #[test]
    fn an_extension_is_taken_from_the_name_or_said() {
        let of = |url: &str, said: Option<&str>| extension(url, said.map(str::to_owned)).ok();
        assert_eq!(
            of("http://a.example/a.MP4?x=.b", None).as_deref(),
            Some("mp4")
        );
        assert_eq!(
            of("http://a.example/a", Some(".mov")).as_deref(),
            Some("mov")
        );
        assert_eq!(
            of("http://a.example", None),
            None,
            "the host's last part is none"
        );
        assert_eq!(of("http://a.example/a.mp4", Some("../x")), None);
    }
}
