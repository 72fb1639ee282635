//! UserData: who else is told of the job, and what is echoed.

mod minify;

pub(crate) use minify::minify;

use crate::error::ApiError;
use crate::fields::{as_object, given, is_blank};
use crate::http_url::{self, is_http_url};
use crate::lenient;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The most of UserData, bytes.
pub const MAX_BYTES: usize = 1024;

/// The most of Extend, bytes as it is echoed.
pub const MAX_EXTEND_BYTES: usize = 512;

/// The most of a CallbackURL, bytes.
pub const MAX_URL_BYTES: usize = 256;

/// UserData as meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserData {
    /// Who is told, beside all others.
    pub callback: Option<Callback>,
    /// Echoed in the event as this text.
    pub extend: Option<String>,
}

/// Who is told of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// How.
    pub kind: CallbackKind,
    /// Where to: `http://` or `https://`.
    pub url: String,
}

/// How somebody is told of a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CallbackKind {
    /// By an HTTP POST.
    #[default]
    Http,
}

/// Members as they stand: numbers in Extend go back digit by digit. A member that is there and null
/// is not the same as none.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Members<'a> {
    #[serde(borrow, default, deserialize_with = "as_it_stands")]
    message_callback: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "as_it_stands")]
    extend: Option<&'a RawValue>,
}

fn as_it_stands<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

impl UserData {
    /// Reads UserData; what says nothing is none. Both members may be an object or a string. A text
    /// that is no JSON object, or one with neither member, such as the vendor's older
    /// `{"Vod":{...}}`, is echoed as it stands.
    ///
    /// # Errors
    /// InvalidParameter names UserData and the member's rule.
    pub fn read(text: &str) -> Result<Option<Self>, ApiError> {
        if lenient::says_nothing(text) {
            return Ok(None);
        }
        read(text)
            .map(Some)
            .map_err(|rule| ApiError::invalid("UserData", &rule))
    }

    /// What its caller alone understands.
    fn of_the_callers_own(text: &str) -> Self {
        Self {
            callback: None,
            extend: Some(text.to_owned()),
        }
    }
}

fn read(text: &str) -> Result<UserData, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("It must have at most {MAX_BYTES} bytes."));
    }
    let object = lenient::strict(text).ok();
    let object = object.filter(|json| json.trim_start().starts_with('{'));
    let Some(object) = object else {
        return Ok(UserData::of_the_callers_own(text));
    };
    let members: Members<'_> = serde_json::from_str(&object)
        .map_err(|cause| format!("Its members must be there once: {cause}."))?;
    let is_empty = object
        .trim_matches(|c: char| c.is_whitespace() || "{}".contains(c))
        .is_empty();
    if members.message_callback.is_none() && members.extend.is_none() && !is_empty {
        return Ok(UserData::of_the_callers_own(text));
    }
    Ok(UserData {
        callback: members
            .message_callback
            .map(callback)
            .transpose()?
            .flatten(),
        extend: members.extend.map(extend).transpose()?.flatten(),
    })
}

fn extend(raw: &RawValue) -> Result<Option<String>, String> {
    if lenient::says_nothing(raw.get()) {
        return Ok(None);
    }
    let echoed = match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw.get()).unwrap_or_default(),
        // Whoever reads it gets the JSON that was given.
        _ => minify(raw.get()),
    };
    if echoed.len() > MAX_EXTEND_BYTES {
        return Err(format!(
            "Extend must have at most {MAX_EXTEND_BYTES} bytes."
        ));
    }
    Ok(Some(echoed))
}

fn callback(raw: &RawValue) -> Result<Option<Callback>, String> {
    let rule = || "MessageCallback must be an object, or a JSON object in a string.".to_owned();
    if lenient::says_nothing(raw.get()) {
        return Ok(None);
    }
    let value = serde_json::from_str(raw.get()).map_err(|_| rule())?;
    let fields = as_object(&value).ok_or_else(rule)?;
    if is_blank(&fields) {
        return Ok(None);
    }
    let word = |name: &str| given(&fields, name).map_or(Some(""), Value::as_str);
    match word("CallbackType") {
        Some(kind) if kind.is_empty() || kind.eq_ignore_ascii_case("http") => {}
        _ => return Err("CallbackType must be http.".to_owned()),
    }
    let url = word("CallbackURL");
    // A form that was left empty: nobody else is told.
    if url.is_some_and(str::is_empty) {
        return Ok(None);
    }
    let url = url
        .filter(|url| is_http_url(url, MAX_URL_BYTES))
        .ok_or_else(|| format!("CallbackURL {}", http_url::rule(MAX_URL_BYTES)))?;
    Ok(Some(Callback {
        kind: CallbackKind::Http,
        url: url.to_owned(),
    }))
}

#[cfg(test)]
mod tests;
