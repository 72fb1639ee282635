use super::templates::app_id;
use crate::error::ApiError;
use crate::lenient;
use crate::parameters::Values;
use crate::signature::Secret;
use serde::{Deserialize, Serialize};

/// How subscribers are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackType {
    /// By an HTTP POST.
    #[serde(rename = "HTTP")]
    Http,
    /// By a message queue. Refused; earlier releases took it, and told nobody.
    #[serde(rename = "MNS")]
    Mns,
}

impl CallbackType {
    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Mns => "MNS",
        }
    }
}

/// Set who is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMessageCallback {
    /// `app-1000000` by default.
    pub app_id: String,
    /// How.
    pub callback_type: CallbackType,
    /// Where to.
    pub callback_url: Option<String>,
    /// Names of events, or `ALL`; none for no events.
    pub event_types: Vec<String>,
    /// Whether deliveries are signed.
    pub auth_switch: bool,
    /// With what; there if they are.
    pub auth_key: Option<Secret>,
    /// Kept as given.
    pub mns_endpoint: Option<String>,
    /// Kept as given.
    pub mns_queue_name: Option<String>,
}

impl SetMessageCallback {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        // HTTP is the only word there is.
        values.word("CallbackType")?;
        let auth_switch = values.word("AuthSwitch")? == Some("on");
        check_needs(values, auth_switch)?;
        let owned = |name| Ok(values.text(name)?.map(str::to_owned));
        Ok(Self {
            app_id: app_id(values)?,
            callback_type: CallbackType::Http,
            callback_url: owned("CallbackURL")?,
            event_types: event_types(values)?,
            auth_switch,
            auth_key: auth_key(values)?,
            mns_endpoint: owned("MnsEndpoint")?,
            mns_queue_name: owned("MnsQueueName")?,
        })
    }
}

fn check_needs(values: &Values<'_>, auth_switch: bool) -> Result<(), ApiError> {
    let key = auth_switch.then_some(&"AuthKey");
    let mut needed = ["CallbackURL"].iter().chain(key);
    match needed.find(|name| !values.is_given(name)) {
        Some(missing) => Err(ApiError::missing_parameter(&[missing])),
        None => Ok(()),
    }
}

/// Here alone an empty value says something, as the vendor documents: a list with nothing in it is
/// of no events. Not set at all means all.
fn event_types(values: &Values<'_>) -> Result<Vec<String>, ApiError> {
    let is_empty = |text: &str| lenient::says_nothing(text) && !text.contains("null");
    if values.raw("EventTypeList").is_some_and(is_empty) {
        return Ok(Vec::new());
    }
    let list = values.text("EventTypeList")?.unwrap_or_default();
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !lenient::says_nothing(name));
    let name = |name: &str| {
        let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let rule = "It must be names of events with commas between them, or ALL.";
        word.then(|| name.to_owned())
            .ok_or_else(|| ApiError::invalid("EventTypeList", rule))
    };
    names.map(name).collect()
}

fn auth_key(values: &Values<'_>) -> Result<Option<Secret>, ApiError> {
    let Some(key) = values.text("AuthKey")? else {
        return Ok(None);
    };
    let has = |kind: fn(&u8) -> bool| key.as_bytes().iter().any(kind);
    let mixed =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let rule = "It must have upper-case letters, lower-case letters and digits.";
    mixed
        .then(|| Some(Secret::new(key)))
        .ok_or_else(|| ApiError::invalid("AuthKey", rule))
}

/// Tell who is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetMessageCallback {
    /// `app-1000000` by default.
    pub app_id: String,
}

impl GetMessageCallback {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            app_id: app_id(values)?,
        })
    }
}

/// Tell nobody of events any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteMessageCallback {
    /// `app-1000000` by default.
    pub app_id: String,
}

impl DeleteMessageCallback {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            app_id: app_id(values)?,
        })
    }
}
