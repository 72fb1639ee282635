//! What browsers are told about pages of other origins.

use axum::body::Body;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use service::cross_origin::{ANY_PAGE, PICTURE_HEADERS, PREFLIGHT_HEADERS};

/// The response as any page may read it.
pub(super) fn for_any_page(mut response: Response<Body>) -> Response<Body> {
    set_all(&mut response, &[ANY_PAGE]);
    response
}

/// The answer to a browser that asks first whether a page may get what is no call.
pub(super) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    set_all(&mut response, &PREFLIGHT_HEADERS);
    set_all(&mut response, &PICTURE_HEADERS);
    response
}

pub(super) fn set_all(response: &mut Response<Body>, headers: &[(&'static str, &'static str)]) {
    for (name, value) in headers {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        response.headers_mut().insert(name, value);
    }
}
