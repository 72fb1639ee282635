//! Files that are dropped on the page.

use super::answers::{Answered, json_response, refusal};
use super::upload_body::UploadBody;
use crate::server::connections::ClientConnection;
use axum::body::{Body, HttpBody};
use contract::error::{ApiError, ErrorCode};
use hyper::StatusCode;
use hyper::http::request::Parts;
use serde_json::json;
use service::worker::{SentFile, SentFileError, Worker};
use std::collections::HashMap;
use tracing::error;

/// The longest title, characters; longer names are cut.
const MAX_TITLE: usize = 128;

/// The longest extension of a file's name.
const MAX_EXTENSION: usize = 10;

/// Keeps the body as a file, and registers it.
pub(super) async fn keep(
    worker: &Worker,
    (request, query): (&Parts, &HashMap<String, String>),
    body: Body,
    connection: &ClientConnection,
) -> Answered {
    if !worker.takes_sent_files() {
        return Err(ApiError::uploads_are_off());
    }
    // A form of another page, which a browser sends without asking first.
    let kind = request.headers.get(hyper::header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != "application/octet-stream") {
        let message = "The body must be the file itself, as application/octet-stream.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Ok(refusal(status, "UnsupportedMediaType", message));
    }
    let name = query.get("name").map(String::as_str).unwrap_or_default();
    let file = SentFile {
        title: title(name),
        extension: extension(name),
        length_bytes: body.size_hint().exact(),
    };
    let mut body = UploadBody::new(body, connection);
    match worker.keep_sent_file(&file, &mut body).await {
        Ok(video) => Ok(json_response(&json!({ "VideoId": video.id.as_str() }))),
        Err(SentFileError::Refused(failure)) => {
            let status = match failure.code {
                ErrorCode::UploadBytes => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::INSUFFICIENT_STORAGE,
            };
            Ok(refusal(status, failure.code.name(), &failure.message))
        }
        Err(SentFileError::BrokenOff(cause)) => {
            Ok(refusal(StatusCode::BAD_REQUEST, "InvalidFile", &cause))
        }
        Err(SentFileError::NotStored(cause)) => {
            error!(cause, "an uploaded file could not be kept");
            Err(ApiError::unavailable())
        }
    }
}

/// The file's name without folders and extension.
fn title(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.is_empty() { name } else { stem };
    let shown = |c: &char| !c.is_control();
    let title: String = stem.chars().filter(shown).take(MAX_TITLE).collect();
    match title.trim() {
        "" => "video".to_owned(),
        title => title.to_owned(),
    }
}

/// That of the file's name, where it is an ordinary one: it becomes part of a path.
fn extension(name: &str) -> String {
    let given = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_plain = |text: &&str| {
        (1..=MAX_EXTENSION).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let plain = given.filter(is_plain).unwrap_or("mp4");
    plain.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_file_name_becomes_a_plain_one() {
        for (name, title_of, extension_of) in [
            ("holiday.MP4", "holiday", "mp4"),
            ("../../etc/passwd", "passwd", "mp4"),
            ("C:\\videos\\a.mkv", "a", "mkv"),
            (".mp4", ".mp4", "mp4"),
            ("a.mp4/../../x", "x", "mp4"),
            ("a.m\0p4", "a", "mp4"),
            ("\n\u{7}", "video", "mp4"),
            ("<img src=x>.webm", "<img src=x>", "webm"),
        ] {
            assert_eq!(
                (title(name).as_str(), extension(name).as_str()),
                (title_of, extension_of)
            );
        }
        assert_eq!(title(&"x".repeat(1000)).len(), MAX_TITLE);
    }
}
