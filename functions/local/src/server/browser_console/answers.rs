//! What the console answers with.

use crate::server::response::set_header;
use axum::body::Body;
use contract::error::ApiError;
use hyper::{Response, StatusCode, header};
use serde_json::{Value, json};
use tracing::error;

/// An answer, or an error of the contract.
pub(super) type Answered = Result<Response<Body>, ApiError>;

pub(super) fn json_response(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    set_header(&mut response, header::CONTENT_TYPE, "application/json");
    response
}

/// An answer that the contract has no error for.
pub(super) fn refusal(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    let mut response = json_response(&json!({ "Code": code, "Message": message }));
    *response.status_mut() = status;
    response
}

#[allow(clippy::needless_pass_by_value, reason = "it ends here")]
pub(super) fn store_failed(cause: service::ports::PortError) -> ApiError {
    error!(%cause, "the console can't be answered");
    ApiError::unavailable()
}
