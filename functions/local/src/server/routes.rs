//! The routes of the server: API calls, the OpenAPI document, and objects by their key.
//!
//! A request that names an action is an API call whatever its path, as it is on Lambda: clients put
//! their endpoint and a path of their own together in many ways.
//!
//! Every error is answered with the contract's envelope, whatever the route.

use super::browser_console::BrowserConsole;
use super::connections::{ClientAddress, ClientConnection};
use super::host_policy::HostPolicy;
use super::monitoring::Monitoring;
use super::objects;
use super::pages::{for_any_page, preflight};
use super::playing;
use super::request_body::{BodyError, BodyMemory, ReceivedBody};
use super::response::respond;
use super::static_document::StaticDocument;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{Router, any};
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use embedded::Store;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::{ANSWER_WITHIN, Api, MAX_BODY_BYTES, OPENAPI_PATH};
use std::sync::Arc;
use tower::ServiceExt;

/// What the handlers of all routes need. Clones share it.
#[derive(Clone)]
struct HttpState {
    api: Api,
    store: Store,
    hosts: Arc<HostPolicy>,
    bodies: BodyMemory,
    openapi: Arc<StaticDocument>,
    monitoring: Monitoring,
    console: BrowserConsole,
}

/// Answers HTTP requests. Clones are the same.
#[derive(Clone)]
pub(super) struct HttpService {
    router: Router,
}

impl HttpService {
    /// Clients reach it at `public_url`; long bodies take at most about `long_body_bytes` at once.
    pub(super) fn new(
        (api, monitoring): (Api, Monitoring),
        store: Store,
        (hosts, console): (Arc<HostPolicy>, BrowserConsole),
        public_url: &str,
        long_body_bytes: usize,
    ) -> Self {
        let openapi = api.openapi_document(public_url).to_string();
        let state = HttpState {
            api,
            store,
            hosts,
            bodies: BodyMemory::new(long_body_bytes),
            openapi: Arc::new(StaticDocument::new("application/json", openapi)),
            monitoring,
            console,
        };
        let router = Router::new()
            .route(OPENAPI_PATH, any(openapi_document))
            .route(playing::ROUTE, any(played_video))
            .fallback(object)
            .layer(from_fn_with_state(state.clone(), admit))
            .with_state(state);
        Self { router }
    }

    /// Answers one request of a connection.
    pub(super) async fn answer(
        self,
        mut request: hyper::Request<Incoming>,
        connection: Arc<ClientConnection>,
    ) -> Response<Body> {
        request.extensions_mut().insert(connection);
        let mut response = match self.router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        // axum gives every response the length of its body. A 304 has none, and clients would take
        // the length for that of the file (RFC 9110, section 8.6): hyper sends it in reply to HEAD.
        if response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        response
    }
}

/// Refuses requests for foreign hosts before any route sees them, and tells API calls from all
/// others: once, so that what is answered as a call is what was checked as one.
async fn admit(
    State(state): State<HttpState>,
    connection: Extension<Arc<ClientConnection>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if BrowserConsole::takes(&parts)
        && !raw_request(&parts).is_call()
        && state.hosts.check(&parts, false).is_ok()
    {
        return state.console.answer(&parts, body, &connection).await;
    }
    let (is_call, is_preflight) = (is_api_call(&parts), parts.method == Method::OPTIONS);
    // What a browser asks first changes nothing, and it is told that the page may not go on.
    let checked = state.hosts.check(&parts, is_call && !is_preflight);
    let refused = checked.err().map(|refusal| {
        let raw = raw_request(&parts);
        respond(match is_call && !is_preflight {
            true => state.api.refuse_call(&raw, &refusal),
            false => state.api.refused(&refusal, Format::of(&raw)),
        })
    });
    if refused.is_none()
        && !is_call
        && let Some(response) = state.monitoring.answer(&parts).await
    {
        return response;
    }
    let request = Request::from_parts(parts, body);
    match (refused, is_call) {
        (Some(refused), true) => refused,
        (None, true) => api_call(State(state), connection, request).await,
        (Some(refused), false) => for_any_page(refused),
        (None, false) if is_preflight => for_any_page(preflight()),
        (None, false) => for_any_page(next.run(request).await),
    }
}

/// Whether it is a call, or comes to where calls without a path do. CONNECT has no path at all, and
/// gets the API's error.
fn is_api_call(parts: &Parts) -> bool {
    if matches!(parts.uri.path(), "/" | "") {
        return true;
    }
    raw_request(parts).is_call()
}

async fn api_call(
    State(state): State<HttpState>,
    Extension(connection): Extension<Arc<ClientConnection>>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let raw = raw_request(&parts);
    respond(call(&state, raw, body, &connection).await)
}

async fn call(
    state: &HttpState,
    raw: RawRequest,
    body: Body,
    connection: &ClientConnection,
) -> Answer {
    match state.bodies.read(body, connection).await {
        Ok(ReceivedBody { bytes, reserved }) => {
            let raw = RawRequest { body: bytes, ..raw };
            state.api.handle_within(raw, ANSWER_WITHIN, reserved).await
        }
        Err(BodyError::TooLong) => {
            let error = ApiError::body_too_long(MAX_BODY_BYTES);
            state.api.refuse_call(&raw, &error)
        }
        Err(BodyError::Unavailable) => state.api.refuse_call(&raw, &ApiError::unavailable()),
    }
}

async fn openapi_document(State(state): State<HttpState>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    state.openapi.answer(&state.api, &parts)
}

async fn played_video(State(state): State<HttpState>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    playing::serve(&state.api, &state.store, &parts).await
}

/// Every other path is the key of an object.
async fn object(State(state): State<HttpState>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    objects::serve(&state.api, &state.store, &parts).await
}

/// The request without its body.
fn raw_request(parts: &Parts) -> RawRequest {
    let raw = RawRequest {
        method: parts.method.as_str().to_owned(),
        raw_query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&parts.headers),
        body: Vec::new(),
    };
    let raw = raw.at(parts.uri.path());
    match parts.extensions.get() {
        Some(ClientAddress(address)) => raw.from_client(&address.to_string()),
        None => raw,
    }
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    map.iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests;
