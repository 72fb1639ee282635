//! The fields that say what a video is, of whoever names a file: RegisterMetadatas and
//! UploadMetadatas are read by the same rules.

use crate::fields::{ConfigError, Fields, given};
use crate::http_url::{self, is_http_url};
use crate::number::{number_text, signed_value};
use crate::parameters::MAX_COVER_URL_BYTES;
use crate::plain_text::is_plain;
use serde_json::Value;

/// A text of at most so many bytes, by the rule of texts that are parameters of their own.
pub(super) fn text(
    fields: &Fields,
    name: &str,
    max_bytes: usize,
) -> Result<Option<String>, ConfigError> {
    let rule = || wrong(format!("{name} must have no control characters."));
    match file_name(fields, name, max_bytes)? {
        Some(text) if !is_plain(&text) => Err(rule()),
        text => Ok(text),
    }
}

/// A text of at most so many bytes and any characters, as names of files have them. A number is
/// taken digit by digit: programs have ids that are numbers.
pub(super) fn file_name(
    fields: &Fields,
    name: &str,
    max_bytes: usize,
) -> Result<Option<String>, ConfigError> {
    let text = match given(fields, name) {
        None => return Ok(None),
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => number_text(number),
        Some(_) => None,
    };
    let text = text.ok_or_else(|| wrong(format!("{name} must be a string.")))?;
    match text.len() > max_bytes {
        true => Err(wrong(format!(
            "{name} must have at most {max_bytes} bytes."
        ))),
        false => Ok(Some(text)),
    }
}

/// A picture somewhere. It is shown to people, so nothing that a browser would run.
pub(super) fn cover_url(fields: &Fields) -> Result<Option<String>, ConfigError> {
    let url = text(fields, "CoverURL", MAX_COVER_URL_BYTES)?;
    match url {
        Some(url) if !is_http_url(&url, MAX_COVER_URL_BYTES) => Err(wrong(format!(
            "CoverURL {}",
            http_url::rule(MAX_COVER_URL_BYTES)
        ))),
        url => Ok(url),
    }
}

/// The caller's category.
pub(super) fn cate_id(fields: &Fields) -> Result<Option<i64>, ConfigError> {
    let rule = || wrong("CateId must be an integer.");
    given(fields, "CateId")
        .map(|value| signed_value(value).ok_or_else(rule))
        .transpose()
}

/// The caller's own id of a video.
pub(super) fn reference_id(fields: &Fields) -> Result<Option<String>, ConfigError> {
    let id = text(fields, "ReferenceId", 64)?;
    match id {
        Some(id) if id.len() < 6 || !crate::id::is_plausible(&id) => Err(wrong(
            "ReferenceId must be 6 to 64 of A-Z, a-z, 0-9, _ and -.",
        )),
        id => Ok(id),
    }
}

fn wrong(rule: impl Into<String>) -> ConfigError {
    ConfigError(rule.into())
}
