//! HTTP to the API and back. Every answer carries the contract's envelope, whatever happens.

mod body;
mod document;

use super::connections::{self, Body, Connection};
use super::hosts::Hosts;
use super::pictures;
use body::{Bodies, MAX_BODY, NoBody, Received};
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use document::Document;
use embedded::Store;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use service::api::{ANSWER_WITHIN, Api, OPENAPI_PATH};
use std::fmt::Write;
use std::sync::Arc;

/// What answers requests. Clones are the same.
#[derive(Clone)]
pub(super) struct Front {
    api: Api,
    store: Store,
    hosts: Arc<Hosts>,
    bodies: Bodies,
    openapi: Arc<Document>,
}

impl Front {
    /// Clients reach it at `public_url`; bodies take at most about `long_bodies` bytes at once.
    pub(super) fn new(
        api: Api,
        store: Store,
        hosts: Hosts,
        public_url: &str,
        long_bodies: usize,
    ) -> Self {
        let openapi = contract::openapi::document(public_url).to_string();
        Self {
            api,
            store,
            hosts: Arc::new(hosts),
            bodies: Bodies::new(long_bodies),
            openapi: Arc::new(Document::json(openapi)),
        }
    }

    /// Answers one request of a connection.
    pub(super) async fn answer(
        self,
        request: Request<Incoming>,
        connection: Arc<Connection>,
    ) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let is_call = matches!(parts.uri.path(), "/" | "");
        let raw = RawRequest {
            method: parts.method.as_str().to_owned(),
            raw_query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: headers(&parts.headers),
            body: Vec::new(),
        };
        if let Err(refusal) = self.hosts.admit(&parts, is_call) {
            return respond(self.api.refused(&refusal, Format::of(&raw)));
        }
        if is_call {
            return respond(self.call(raw, body, &connection).await);
        }
        if parts.uri.path() == OPENAPI_PATH {
            return self.openapi.answer(&self.api, &parts);
        }
        pictures::serve(&self.api, &self.store, &parts).await
    }

    async fn call(&self, raw: RawRequest, body: Incoming, connection: &Connection) -> Answer {
        let refused = Format::of(&raw);
        match self.bodies.read(body, connection).await {
            Ok(Received { bytes, share }) => {
                let raw = RawRequest { body: bytes, ..raw };
                self.api.handle_within(raw, ANSWER_WITHIN, share).await
            }
            Err(NoBody::TooLong) => {
                let error = ApiError::body_too_long(MAX_BODY);
                self.api.refused(&error, refused)
            }
            Err(NoBody::Unavailable) => self.api.unavailable(refused),
        }
    }
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    map.iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

pub(super) fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(connections::whole(answer.body));
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

pub(super) fn empty() -> Body {
    connections::whole(Vec::new())
}

/// Lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
