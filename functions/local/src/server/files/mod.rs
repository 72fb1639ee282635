//! Files over HTTP: whole, in part, or not at all because the client has them.

mod conditions;
mod file_body;

pub(super) use conditions::{CacheValidators, RequestOutcome, evaluate};
pub(super) use file_body::{file_body, range_body};
