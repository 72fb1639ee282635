//! A document that is the same for every client, built once.

use super::files::{CacheValidators, RequestOutcome, evaluate};
use super::response::{respond, set_header};
use axum::body::Body;
use bytes::Bytes;
use contract::error::ApiError;
use contract::response::Format;
use hyper::header;
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::Api;
use sha2::{Digest, Sha256};

/// A document and the version by which caches know it.
pub(super) struct StaticDocument {
    bytes: Bytes,
    content_type: &'static str,
    version: CacheValidators,
}

impl StaticDocument {
    pub(super) fn new(content_type: &'static str, text: String) -> Self {
        let hash = Sha256::digest(&text);
        Self {
            bytes: text.into(),
            content_type,
            version: CacheValidators::new(&hex::encode(&hash[..16]), None),
        }
    }

    /// Answers with the whole document, or with 304 where the client has it. Anybody may read it.
    pub(super) fn answer(&self, api: &Api, request: &Parts) -> Response<Body> {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return respond(api.refused(&ApiError::unsupported_method(), Format::Json));
        }
        let outcome = evaluate(&request.headers, &self.version, self.bytes.len() as u64);
        let (status, body) = match outcome {
            RequestOutcome::NotModified => (StatusCode::NOT_MODIFIED, Body::empty()),
            RequestOutcome::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, Body::empty()),
            _ => (StatusCode::OK, Body::from(self.bytes.clone())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        for (name, value) in self.version.headers() {
            set_header(&mut response, name, &value);
        }
        set_header(&mut response, header::CONTENT_TYPE, self.content_type);
        response
    }
}
