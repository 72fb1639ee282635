//! Pictures, what players read of them, and manifests over HTTP, straight from the data folder.
//!
//! A key cannot be guessed, and by default its plain URL is public, like the URLs in events. A URL
//! with an expiry is signed, and refused once it has expired. Any web page may fetch objects, as
//! players do.

use super::files::{CacheValidators, RequestOutcome, evaluate, file_body, range_body};
use super::pages::set_all;
use super::response::{respond, set_header};
use axum::body::Body;
use contract::error::ApiError;
use contract::response::Format;
use embedded::{FileVersion, OpenObject, Store};
use hyper::header::{self, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::{Api, PictureGrant};
use service::cross_origin::PICTURE_HEADERS;
use service::picture_access::PictureAccess;
use service::ports::{Clock, SystemClock};
use sha2::{Digest, Sha256};
use std::io;

/// The longest that a cache keeps a video.
const DAY_S: i64 = 24 * 60 * 60;

/// Answers with the object whose key is the path of the request.
pub(super) async fn serve(api: &Api, store: &Store, request: &Parts) -> Response<Body> {
    let mut response = match answer(api, store, request).await {
        Ok(response) => response,
        Err(refusal) => respond(api.refused(&refusal, Format::Json)),
    };
    set_all(&mut response, &PICTURE_HEADERS);
    response
}

async fn answer(api: &Api, store: &Store, request: &Parts) -> Result<Response<Body>, ApiError> {
    let is_head = match request.method {
        Method::GET => false,
        Method::HEAD => true,
        _ => return Err(ApiError::unsupported_method()),
    };
    let key = request.uri.path().trim_start_matches('/');
    let query = request.uri.query().unwrap_or_default();
    let grant = api.picture(key, query).await?;
    let is_rewritten = store.ports().objects.access() == PictureAccess::Signed;
    let mut response = match grant.kind {
        kind if is_rewritten && kind.names_files() => text(api, &grant, is_head).await?,
        _ => file(store, &grant, request, is_head).await?,
    };
    if !response.status().is_client_error() {
        set_header(&mut response, header::CACHE_CONTROL, &grant.cache_control());
    }
    Ok(response)
}

async fn file(
    store: &Store,
    grant: &PictureGrant,
    request: &Parts,
    is_head: bool,
) -> Result<Response<Body>, ApiError> {
    let (store, key, headers) = (store.clone(), grant.key.clone(), request.headers.clone());
    let open = move || {
        let object = store.open_for_reading(&key)?;
        object
            .map(|object| object_response(object, &headers, is_head))
            .transpose()
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(Ok(Some(response))) => Ok(response),
        Ok(Ok(None)) => Err(ApiError::no_such_resource(&grant.key)),
        Ok(Err(_)) | Err(_) => Err(ApiError::unavailable()),
    }
}

/// A text whose URLs are signed for this answer: it is no file, and has no ranges.
async fn text(api: &Api, grant: &PictureGrant, is_head: bool) -> Result<Response<Body>, ApiError> {
    let text = api.picture_text(grant).await?;
    let text = text.ok_or_else(|| ApiError::no_such_resource(&grant.key))?;
    let length = text.len().to_string();
    let mut response = Response::new(match is_head {
        true => Body::empty(),
        false => Body::from(text),
    });
    set_header(&mut response, header::CONTENT_LENGTH, &length);
    let content_type = grant.kind.content_type();
    set_header(&mut response, header::CONTENT_TYPE, content_type);
    Ok(response)
}

/// How long caches may keep what only signed URLs give. None: the URL has expired, or its signature
/// is not ours.
pub(super) fn signed_cache_control(store: &Store, path: &str, query: &str) -> Option<String> {
    let now_ms = SystemClock.now_ms();
    let expires_s = store.verify_query(path, query, now_ms)?;
    let max_age_s = (expires_s - now_ms / 1000).min(DAY_S);
    Some(format!("private, max-age={max_age_s}"))
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
