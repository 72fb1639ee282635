//! Pictures, WebVTT files and manifests over HTTP, straight from the folder.
//!
//! A key is hard to guess and its URL is public, as those in events are. A URL that says until
//! when it holds is held to it. Any page may fetch them, as players of WebVTT files do.

use super::http::respond;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, Uri, header};
use contract::error::ApiError;
use contract::response::Format;
use embedded::Store;
use service::api::Api;
use service::ports::{Clock, SystemClock};

/// The longest a cache keeps anything.
const DAY_S: i64 = 24 * 60 * 60;

/// The object whose key is the path of `uri`.
pub(super) async fn serve(api: &Api, store: &Store, method: &Method, uri: &Uri) -> Response<Body> {
    let format = Format::Json;
    if !matches!(*method, Method::GET | Method::HEAD) {
        return respond(api.refused(&ApiError::unsupported_method(), format));
    }
    let key = uri.path().trim_start_matches('/').to_owned();
    let Some(cached) = holds(store, &key, uri.query().unwrap_or_default()) else {
        return respond(api.refused(&ApiError::forbidden(), format));
    };
    let (store, name) = (store.clone(), key.clone());
    let opened = tokio::task::spawn_blocking(move || read(&store, &key)).await;
    match opened {
        Ok(Ok(Some((content_type, bytes)))) => picture(content_type, &cached, bytes),
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

fn read(store: &Store, key: &str) -> std::io::Result<Option<(&'static str, Vec<u8>)>> {
    use std::io::Read;
    let Some(mut opened) = store.open_for_reading(key)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    opened.file.read_to_end(&mut bytes)?;
    Ok(Some((opened.content_type, bytes)))
}

/// The same key always holds the same bytes, so a cache may keep them for a while.
fn picture(content_type: &'static str, cached: &str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(cached) = HeaderValue::from_str(cached) {
        headers.insert(header::CACHE_CONTROL, cached);
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
