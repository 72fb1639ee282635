//! Errors as the wire spells them: code, HTTP status, message.
//!
//! [`ErrorCode`] is the one table of codes, for answers to calls and for jobs that failed; the
//! documentation is generated from it.

mod code;
mod document;
mod fill;
mod gateway;
mod product;

pub use code::{AnswerEntry, ErrorCode, ErrorEntry};
pub use document::{answers_in_markdown, failed_jobs_in_markdown};

use crate::id::RequestId;
use crate::response::{Answer, Format, xml};
use serde_json::{Value, json};
use std::borrow::Cow;
use thiserror::Error;

/// The most bytes that an error says of a request, which may have a megabyte of its own. What an
/// SDK compares, the string to sign of an ordinary call, is far shorter.
const LONGEST_ECHO: usize = 16 * 1024;

/// A refused call. Its constructors fill in the texts of the table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name}: {message}")]
pub struct ApiError {
    code: ErrorCode,
    name: Cow<'static, str>,
    message: String,
    retry_after_ms: Option<u64>,
    /// Where more is said, if not at the vendor's.
    recommend: Option<String>,
}

impl ApiError {
    fn of(code: ErrorCode) -> Self {
        Self::filled(code, &[])
    }

    /// With the text of the table.
    fn filled(code: ErrorCode, values: &[&str]) -> Self {
        Self::worded(code, code.entry().message, values)
    }

    /// With a text of its own.
    fn worded(code: ErrorCode, template: &str, values: &[&str]) -> Self {
        let message = fill::fill(template, values);
        Self {
            code,
            name: code.name().into(),
            message: shortened(message.trim_end()),
            retry_after_ms: None,
            recommend: None,
        }
    }

    /// The same with another Recommend: the vendor's site knows nothing of our RequestIds.
    #[must_use]
    pub fn recommending(self, url: String) -> Self {
        Self {
            recommend: Some(url),
            ..self
        }
    }

    /// Its row of the table.
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        self.code
    }

    /// What programs go by, such as `InvalidVideo.NotFound`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.name
    }

    /// HTTP status, 4xx or 5xx.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code.entry().answer.map_or(500, |answer| answer.status)
    }

    /// For a person.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// When a throttled caller may come again, ms.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_ms
    }

    /// The error as an answer. `host_id` is the host that the caller asked.
    #[must_use]
    pub fn render(&self, format: Format, request_id: &RequestId, host_id: &str) -> Answer {
        let envelope = self.envelope(request_id, host_id);
        let body = match format {
            Format::Json => envelope.to_string(),
            Format::Xml => xml::document("Error", &envelope),
        };
        let mut answer = Answer::new(self.status(), format, request_id, body);
        if let Some(ms) = self.retry_after_ms {
            answer
                .headers
                .push(("x-acs-retry-after".to_owned(), ms.to_string()));
        }
        answer
    }

    fn envelope(&self, request_id: &RequestId, host_id: &str) -> Value {
        let code = &self.name;
        let troubleshooting = || {
            format!(
                "https://api.aliyun.com/troubleshoot?q={code}&product=Vod&requestId={request_id}"
            )
        };
        json!({
            "RequestId": request_id,
            "HostId": host_id,
            "Code": code,
            "Message": self.message,
            "Recommend": self.recommend.clone().unwrap_or_else(troubleshooting),
        })
    }
}

/// The start of a text of a request; all of it where it has an ordinary length.
fn echo(text: &str) -> &str {
    start(text, LONGEST_ECHO)
}

/// As much of a text as fits into `most` bytes.
fn start(text: &str, most: usize) -> &str {
    let mut ends = (0..=most.min(text.len())).rev();
    let end = ends.find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or_default()]
}

/// `message` whole, or its start and how long it was.
fn shortened(message: &str) -> String {
    let whole = message.len();
    // Two texts of a request and what is said around them.
    let longest = 2 * LONGEST_ECHO + 1024;
    if whole <= longest {
        return message.to_owned();
    }
    format!("{}... ({whole} bytes)", start(message, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST_ID: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";

    #[test]
    fn json_has_the_envelope_of_the_gateway() {
        let answer =
            ApiError::video_not_found().render(Format::Json, &REQUEST_ID.into(), "127.0.0.1");
        assert_eq!(answer.status, 404);
        assert_eq!(
            String::from_utf8(answer.body).unwrap(),
            concat!(
                r#"{"RequestId":"25818875-5F78-4A13-BEF6-D7393642CA58","HostId":"127.0.0.1","#,
                r#""Code":"InvalidVideo.NotFound","Message":"The video does not exist.","#,
                r#""Recommend":"https://api.aliyun.com/troubleshoot?q=InvalidVideo.NotFound"#,
                r#"&product=Vod&requestId=25818875-5F78-4A13-BEF6-D7393642CA58"}"#
            )
        );
        assert_eq!(
            answer.headers,
            [
                (
                    "content-type".to_owned(),
                    "application/json;charset=utf-8".to_owned()
                ),
                ("x-acs-request-id".to_owned(), REQUEST_ID.to_owned()),
            ]
        );
    }

    #[test]
    fn xml_has_the_envelope_of_the_gateway() {
        let answer =
            ApiError::no_such_resource("a<b&\u{1}").render(Format::Xml, &REQUEST_ID.into(), "h");
        let body = String::from_utf8(answer.body).unwrap();
        assert!(body.starts_with("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>2581"));
        assert!(body.contains(
            "<Message>The specified resource a&lt;b&amp;\u{fffd} does not exist.</Message>"
        ));
        assert!(body.ends_with("</Recommend></Error>"));
        assert_eq!(answer.headers[0].1, "text/xml;charset=utf-8");
    }

    #[test]
    fn a_megabyte_that_is_not_signed_is_not_echoed() {
        let (normal, long) = ("x".repeat(16 * 1024), "\u{e9}".repeat(500_000));
        let whole = ApiError::signature_mismatch_v1(&normal);
        assert!(
            whole
                .message()
                .ends_with(&format!("string to sign is:{normal}"))
        );
        for refusal in [
            ApiError::signature_mismatch_v1(&long),
            ApiError::signature_mismatch_v3(&long, &long),
            ApiError::no_such_resource(&long),
            ApiError::invalid(&long, ""),
        ] {
            let answer = refusal.render(Format::Json, &REQUEST_ID.into(), "h");
            assert!(answer.body.len() < 40_000, "{}", answer.body.len());
        }
    }

    #[test]
    fn a_throttled_caller_learns_when_to_come_again() {
        let answer = ApiError::throttled_user(250).render(Format::Json, &REQUEST_ID.into(), "h");
        assert_eq!(answer.status, 400);
        assert!(
            answer
                .headers
                .contains(&("x-acs-retry-after".to_owned(), "250".to_owned()))
        );
    }
}
