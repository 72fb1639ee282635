//! A document that is the same for everybody, built once.

use super::{empty, respond};
use crate::server::connections::{Body, whole};
use crate::server::files::{Outcome, Validators, decide};
use bytes::Bytes;
use contract::error::ApiError;
use contract::response::Format;
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use service::api::Api;
use sha2::{Digest, Sha256};

/// Its bytes and what they are known by.
pub(super) struct Document {
    bytes: Bytes,
    version: Validators,
}

impl Document {
    pub(super) fn json(text: String) -> Self {
        let hash = Sha256::digest(&text);
        Self {
            bytes: text.into(),
            version: Validators::new(&super::hex(&hash[..16]), None),
        }
    }

    /// What the API is, for tools that read it: anybody may. Whole, or not at all where the
    /// client has it.
    pub(super) fn answer(&self, api: &Api, asked: &Parts) -> Response<Body> {
        if !matches!(asked.method, Method::GET | Method::HEAD) {
            return respond(api.refused(&ApiError::unsupported_method(), Format::Json));
        }
        let outcome = decide(&asked.headers, &self.version, self.bytes.len() as u64);
        let (status, body) = match outcome {
            Outcome::NotModified => (StatusCode::NOT_MODIFIED, empty()),
            Outcome::Failed => (StatusCode::PRECONDITION_FAILED, empty()),
            _ => (StatusCode::OK, whole(self.bytes.clone())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        for (name, value) in self.version.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        response
    }
}
