//! Pictures, WebVTT files and manifests over HTTP, straight from the folder.
//!
//! A key is hard to guess and its URL is public, as those in events are. A URL that says until
//! when it holds is held to it. Any page may fetch them, as players of WebVTT files do.

use super::connections::Body;
use super::files::{self, Outcome, Validators, decide};
use super::http::{empty, respond};
use contract::error::ApiError;
use contract::response::Format;
use embedded::{FileVersion, OpenObject, Store};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::Api;
use service::ports::{Clock, SystemClock};
use sha2::{Digest, Sha256};
use std::io;

/// The longest a cache keeps anything.
const DAY_S: i64 = 24 * 60 * 60;

/// The object whose key is the path of the request.
pub(super) async fn serve(api: &Api, store: &Store, asked: &Parts) -> Response<Body> {
    let format = Format::Json;
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return respond(api.refused(&ApiError::unsupported_method(), format));
    }
    let key = asked.uri.path().trim_start_matches('/').to_owned();
    let Some(cached) = holds(store, &key, asked.uri.query().unwrap_or_default()) else {
        return respond(api.refused(&ApiError::forbidden(), format));
    };
    let is_head = asked.method == Method::HEAD;
    let (store, name, asked) = (store.clone(), key.clone(), asked.headers.clone());
    let open = move || {
        let object = store.open_for_reading(&key)?;
        object
            .map(|object| picture(object, &asked, is_head))
            .transpose()
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(Ok(Some(mut response))) => {
            if !response.status().is_client_error() {
                put(&mut response, header::CACHE_CONTROL, &cached);
            }
            response
        }
        Ok(Ok(None)) => respond(api.refused(&ApiError::no_such_resource(&name), format)),
        Ok(Err(_)) | Err(_) => respond(api.unavailable(format)),
    }
}

/// How caches may keep what a URL gives: it says nothing of an end, or says it as it was signed
/// and it has not come. None: it holds no more, or never did.
fn holds(store: &Store, key: &str, query: &str) -> Option<String> {
    let said = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, text)| text)
    };
    let Some(expires) = said("Expires") else {
        return Some(format!("public, max-age={DAY_S}"));
    };
    let (expires, signature) = (expires.parse().ok()?, said("Signature")?);
    let now_ms = SystemClock.now_ms();
    let good = store.verify_url(key, expires, &signature, now_ms);
    let left_s = (expires - now_ms / 1000).min(DAY_S);
    good.then(|| format!("private, max-age={left_s}"))
}

/// What is asked of an object. HEAD gets the same headers, and nothing of it is read.
fn picture(object: OpenObject, asked: &HeaderMap, is_head: bool) -> io::Result<Response<Body>> {
    let version = Validators::new(&mark(&object.version), Some(object.modified));
    let outcome = decide(asked, &version, object.len);
    let (status, body, len) = match &outcome {
        Outcome::Whole if is_head => (StatusCode::OK, empty(), Some(object.len)),
        Outcome::Whole => (StatusCode::OK, files::file(object.file, object.len), None),
        Outcome::Part(range) => {
            let len = range.end() - range.start() + 1;
            let body = match is_head {
                true => empty(),
                false => files::part_of(object.file, range)?,
            };
            (StatusCode::PARTIAL_CONTENT, body, is_head.then_some(len))
        }
        Outcome::NotModified => (StatusCode::NOT_MODIFIED, empty(), None),
        Outcome::Failed => (StatusCode::PRECONDITION_FAILED, empty(), Some(0)),
        Outcome::Unsatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, empty(), Some(0)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in version.headers() {
        put(&mut response, name, &value);
    }
    if let Some(len) = len {
        put(&mut response, header::CONTENT_LENGTH, &len.to_string());
    }
    let range = match &outcome {
        Outcome::Part(range) => format!("{}-{}", range.start(), range.end()),
        _ => "*".to_owned(),
    };
    if matches!(outcome, Outcome::Part(_) | Outcome::Unsatisfiable) {
        let range = format!("bytes {range}/{}", object.len);
        put(&mut response, header::CONTENT_RANGE, &range);
    }
    if matches!(outcome, Outcome::Whole | Outcome::Part(_)) {
        put(&mut response, header::CONTENT_TYPE, object.content_type);
    }
    for (name, value) in [
        (header::ACCEPT_RANGES, "bytes"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        // A player in a page wants to know where it is.
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "Content-Length, Content-Range, ETag",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        put(&mut response, name, value);
    }
    Ok(response)
}

/// By the file and not by its bytes: nothing of it has to be read for a HEAD or a 304. Hashed,
/// so that nobody learns the inode.
fn mark(version: &FileVersion) -> String {
    let FileVersion {
        len,
        modified_ns,
        inode,
    } = version;
    let hash = Sha256::digest(format!("{len} {modified_ns} {inode}"));
    super::http::hex(&hash[..16])
}

fn put(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
