//! Source files over HTTP, for players: at the URLs of GetPlayInfo, which are always signed and
//! expire.
//!
//! Anything may be registered, a page with scripts too, and it would be served from the origin of
//! this server. So a file is given as a video whatever it is, browsers may not guess otherwise, and
//! a document that one makes of it anyway is sandboxed: it has an origin of its own and runs no
//! script.

use super::objects::{object_response, signed_cache_control};
use super::response::{respond, set_header};
use axum::body::Body;
use contract::error::ApiError;
use contract::response::Format;
use embedded::Store;
use hyper::header;
use hyper::http::request::Parts;
use hyper::{Method, Response};
use service::api::Api;
use tracing::info;

/// The path of these files.
pub(super) const ROUTE: &str = "/play/{name}";

/// Answers with the file that the path names.
pub(super) async fn serve(api: &Api, store: &Store, request: &Parts) -> Response<Body> {
    match answer(store, request).await {
        Ok(response) => response,
        Err(refusal) => respond(api.refused(&refusal, Format::Json)),
    }
}

async fn answer(store: &Store, request: &Parts) -> Result<Response<Body>, ApiError> {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(ApiError::unsupported_method());
    }
    let path = request.uri.path().trim_start_matches('/');
    let query = request.uri.query().unwrap_or_default();
    // Before the store is asked: nobody learns by a guess what there is.
    let cache_control = signed_cache_control(store, path, query).ok_or_else(ApiError::forbidden)?;
    let unavailable = |_| ApiError::unavailable();
    let video = store.video_at(path).await.map_err(unavailable)?;
    let not_there = || ApiError::no_such_resource(path);
    let video = video.ok_or_else(not_there)?;
    let file = store.open_video(&video).await.map_err(|cause| {
        info!(%cause, "a video can't be played");
        match cause {
            cause if cause.is_passing() => ApiError::unavailable(),
            _ => not_there(),
        }
    })?;
    let (headers, is_head) = (request.headers.clone(), request.method == Method::HEAD);
    let respond = move || object_response(file, &headers, is_head);
    let response = tokio::task::spawn_blocking(respond).await;
    let Ok(Ok(mut response)) = response else {
        return Err(ApiError::unavailable());
    };
    if !response.status().is_client_error() {
        set_header(&mut response, header::CACHE_CONTROL, &cache_control);
    }
    let policy = header::CONTENT_SECURITY_POLICY;
    set_header(&mut response, policy, "sandbox");
    Ok(response)
}
