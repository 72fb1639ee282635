//! Answers as the wire spells them.

pub mod body;
pub(crate) mod xml;

use crate::action::Action;
use crate::id::RequestId;
use serde_json::{Map, Value};

pub use body::Body;

/// How an answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// What every SDK asks for.
    #[default]
    Json,
    /// `Format=XML`.
    Xml,
}

impl Format {
    /// The format of this name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("JSON") {
            Some(Self::Json)
        } else if name.eq_ignore_ascii_case("XML") {
            Some(Self::Xml)
        } else {
            None
        }
    }

    /// The Content-Type, which SDKs compare as it stands.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }
}

/// A whole HTTP answer. Its status is 200, 4xx or 5xx: SDKs take a redirect for success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// UTF-8.
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, format: Format, request_id: &RequestId, body: String) -> Self {
        let headers = [
            ("content-type", format.content_type()),
            ("x-acs-request-id", request_id.as_str()),
        ];
        Self::with(status, &headers, body.into_bytes())
    }

    /// One with these headers, whose names are in lower case.
    #[must_use]
    pub fn with(status: u16, headers: &[(&str, &str)], body: Vec<u8>) -> Self {
        let mut answer = Self {
            status,
            headers: Vec::with_capacity(headers.len()),
            body,
        };
        answer.add_headers(headers);
        answer
    }

    /// Adds headers, whose names are in lower case.
    pub fn add_headers(&mut self, headers: &[(&str, &str)]) {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        self.headers.extend(headers.iter().map(owned));
    }
}

/// The success of an action.
#[must_use]
pub fn success<B: Body>(body: &B, format: Format, request_id: &RequestId) -> Answer {
    render(B::ACTION, body.fields(), format, request_id)
}

/// The success of `action` with these `fields`, an object in order, after RequestId.
#[must_use]
pub fn render(action: Action, fields: Value, format: Format, request_id: &RequestId) -> Answer {
    let mut whole = Map::new();
    whole.insert("RequestId".to_owned(), request_id.as_str().into());
    if let Value::Object(fields) = fields {
        whole.extend(fields);
    }
    // One client takes any body with a top-level Code for a failure.
    whole.shift_remove("Code");
    let whole = Value::Object(whole);
    let body = match format {
        Format::Json => whole.to_string(),
        Format::Xml => xml::document(&format!("{}Response", action.name()), &whole),
    };
    Answer::new(200, format, request_id, body)
}

#[cfg(test)]
mod tests;
