//! HTTP to the API and back. Every answer carries the contract's envelope, whatever happens.

use super::pictures;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use embedded::Store;
use service::api::Api;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::error;

/// The largest request body, bytes; the vendor's own gateway takes far less.
const MAX_BODY: usize = 1024 * 1024;

/// A client that sends its body a byte at a time does not keep a connection for ever.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// The vendor's Node clients give up after 3 seconds; an answer has to be theirs to read.
const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// Where the OpenAPI document is; no key of a picture looks like it.
const OPENAPI: &str = "/openapi.json";

#[derive(Clone)]
struct Context {
    api: Api,
    store: Store,
    public_url: String,
}

/// Serves until told to stop, then until open requests are answered.
pub(super) async fn serve(
    listener: TcpListener,
    api: Api,
    store: Store,
    public_url: String,
    stopped: watch::Receiver<bool>,
) {
    let context = Context {
        api,
        store,
        public_url,
    };
    let router = Router::new().fallback(answer).with_state(context);
    let served = axum::serve(listener, router).with_graceful_shutdown(super::stop_told(stopped));
    if let Err(cause) = served.await {
        error!(%cause, "the listener failed");
    }
}

async fn answer(State(context): State<Context>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::GET && parts.uri.path() == OPENAPI {
        return openapi(&context.public_url);
    }
    if !matches!(parts.uri.path(), "/" | "") {
        let Context { api, store, .. } = &context;
        return pictures::serve(api, store, &parts.method, &parts.uri).await;
    }
    let raw = RawRequest {
        method: parts.method.as_str().to_owned(),
        raw_query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&parts.headers),
        body: Vec::new(),
    };
    let body = match timeout(BODY_WITHIN, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let error = ApiError::body_too_long(MAX_BODY);
            return respond(context.api.refused(&error, Format::of(&raw)));
        }
        Err(_) => return respond(context.api.unavailable(Format::of(&raw))),
    };
    let raw = RawRequest {
        body: body.to_vec(),
        ..raw
    };
    respond(within_time(context.api, raw).await)
}

/// What the API is, for tools that read it: a document, so anybody may.
fn openapi(public_url: &str) -> Response<Body> {
    let document = contract::openapi::document(public_url).to_string();
    let mut response = Response::new(Body::from(document));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A panic or a stall inside is still an answer of the contract.
async fn within_time(api: Api, raw: RawRequest) -> Answer {
    api.handle_within(raw, ANSWER_WITHIN).await
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    map.iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

pub(super) fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests;
