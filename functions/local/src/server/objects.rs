//! Pictures, WebVTT files and manifests over HTTP, straight from the data folder.
//!
//! A key cannot be guessed, and its plain URL is public, like the URLs in events. A URL with an
//! expiry is signed, and refused once it has expired. Any web page may fetch objects, as players
//! of WebVTT files do.

use super::files::{CacheValidators, RequestOutcome, evaluate, file_body, range_body};
use super::response::{respond, set_header};
use axum::body::Body;
use contract::error::ApiError;
use contract::response::Format;
use embedded::{FileVersion, OpenObject, Store};
use hyper::header::{self, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::Api;
use service::ports::{Clock, SystemClock};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io;

/// The longest that a cache keeps an object.
const DAY_S: i64 = 24 * 60 * 60;

/// Answers with the object whose key is the path of the request.
pub(super) async fn serve(api: &Api, store: &Store, request: &Parts) -> Response<Body> {
    let format = Format::Json;
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return respond(api.refused(&ApiError::unsupported_method(), format));
    }
    let key = request.uri.path().trim_start_matches('/').to_owned();
    let query = request.uri.query().unwrap_or_default();
    let Some(cache_control) = cache_control(store, &key, query) else {
        return respond(api.refused(&ApiError::forbidden(), format));
    };
    let is_head = request.method == Method::HEAD;
    let (store, name, headers) = (store.clone(), key.clone(), request.headers.clone());
    let open = move || {
        let object = store.open_for_reading(&key)?;
        object
            .map(|object| object_response(object, &headers, is_head))
            .transpose()
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(Ok(Some(mut response))) => {
            if !response.status().is_client_error() {
                set_header(&mut response, header::CACHE_CONTROL, &cache_control);
            }
            response
        }
        Ok(Ok(None)) => respond(api.refused(&ApiError::no_such_resource(&name), format)),
        Ok(Err(_)) | Err(_) => respond(api.unavailable(format)),
    }
}

/// How long caches may keep the answer to a URL: a day, or until the URL expires. None: the URL
/// has expired, or its signature is not ours.
fn cache_control(store: &Store, key: &str, query: &str) -> Option<String> {
    match parameter(query, "Expires") {
        Some(_) => signed_cache_control(store, key, query),
        None => Some(format!("public, max-age={DAY_S}")),
    }
}

/// The same for what only signed URLs give.
pub(super) fn signed_cache_control(store: &Store, key: &str, query: &str) -> Option<String> {
    let expires = parameter(query, "Expires")?;
    let (expires, signature) = (expires.parse().ok()?, parameter(query, "Signature")?);
    let now_ms = SystemClock.now_ms();
    let is_valid = store.verify_url(key, expires, &signature, now_ms);
    let max_age_s = (expires - now_ms / 1000).min(DAY_S);
    is_valid.then(|| format!("private, max-age={max_age_s}"))
}

fn parameter<'a>(query: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == wanted).map(|(_, text)| text)
}

/// The answer to GET or HEAD. HEAD gets the same headers, and no byte of the object is read.
pub(super) fn object_response(
    object: OpenObject,
    request: &HeaderMap,
    is_head: bool,
) -> io::Result<Response<Body>> {
    let version = CacheValidators::new(&entity_tag(&object.version), Some(object.modified));
    let outcome = evaluate(request, &version, object.len);
    let (status, body, len) = match &outcome {
        RequestOutcome::Whole if is_head => (StatusCode::OK, Body::empty(), Some(object.len)),
        RequestOutcome::Whole => (StatusCode::OK, file_body(object.file, object.len), None),
        RequestOutcome::Part(range) => {
            let len = range.end() - range.start() + 1;
            let body = match is_head {
                true => Body::empty(),
                false => range_body(object.file, range)?,
            };
            (StatusCode::PARTIAL_CONTENT, body, is_head.then_some(len))
        }
        RequestOutcome::NotModified => (StatusCode::NOT_MODIFIED, Body::empty(), None),
        RequestOutcome::PreconditionFailed => {
            (StatusCode::PRECONDITION_FAILED, Body::empty(), Some(0))
        }
        RequestOutcome::Unsatisfiable => {
            (StatusCode::RANGE_NOT_SATISFIABLE, Body::empty(), Some(0))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in version.headers() {
        set_header(&mut response, name, &value);
    }
    if let Some(len) = len {
        set_header(&mut response, header::CONTENT_LENGTH, &len.to_string());
    }
    let range = match &outcome {
        RequestOutcome::Part(range) => format!("{}-{}", range.start(), range.end()),
        _ => "*".to_owned(),
    };
    if matches!(
        outcome,
        RequestOutcome::Part(_) | RequestOutcome::Unsatisfiable
    ) {
        let range = format!("bytes {range}/{}", object.len);
        set_header(&mut response, header::CONTENT_RANGE, &range);
    }
    if matches!(outcome, RequestOutcome::Whole | RequestOutcome::Part(_)) {
        set_header(&mut response, header::CONTENT_TYPE, object.content_type);
    }
    for (name, value) in [
        (header::ACCEPT_RANGES, "bytes"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        // A player in a page needs these to seek.
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "Content-Length, Content-Range, ETag",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        set_header(&mut response, name, value);
    }
    Ok(response)
}

/// Made from the file's metadata and not from its bytes, so that a HEAD or a 304 reads none of
/// them. Hashed, so that nobody learns the inode number.
fn entity_tag(version: &FileVersion) -> String {
    let FileVersion {
        len,
        modified_ns,
        inode,
    } = version;
    let hash = Sha256::digest(format!("{len} {modified_ns} {inode}"));
    hex::encode(&hash[..16])
}
