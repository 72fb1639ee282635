//! Pictures and manifests over HTTP, straight from the folder.

use super::http::respond;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Response, header};
use contract::request::RawRequest;
use embedded::Store;
use service::api::Api;

/// The object whose key is the request's path.
pub(super) async fn serve(api: &Api, store: &Store, request: &Request) -> Response<Body> {
    let raw = RawRequest {
        method: request.method().as_str().to_owned(),
        raw_query: request.uri().query().unwrap_or_default().to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return respond(api.method_refused(&raw));
    }
    let key = request.uri().path().trim_start_matches('/').to_owned();
    let store = store.clone();
    let opened = tokio::task::spawn_blocking(move || read(&store, &key)).await;
    match opened {
        Ok(Ok(Some((content_type, bytes)))) => picture(content_type, bytes),
        Ok(Ok(None)) => respond(api.no_such_object(&raw)),
        Ok(Err(_)) | Err(_) => respond(api.unavailable(&raw)),
    }
}

fn read(store: &Store, key: &str) -> std::io::Result<Option<(&'static str, Vec<u8>)>> {
    use std::io::Read;
    let Some(mut opened) = store.open_for_reading(key)? else { return Ok(None) };
    let mut bytes = Vec::new();
    opened.file.read_to_end(&mut bytes)?;
    Ok(Some((opened.content_type, bytes)))
}

/// The same key always holds the same bytes, so a cache may keep them.
fn picture(content_type: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
