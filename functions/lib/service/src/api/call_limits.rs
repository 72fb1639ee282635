//! What bounds one call, whatever it comes over.

use std::time::Duration;

/// The vendor's Node clients give up after 3 seconds; an answer has to be theirs to read.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// The largest request body; the vendor's own gateway takes far less.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Where the OpenAPI document is; no key of a picture looks like it.
pub const OPENAPI_PATH: &str = "/openapi.json";
