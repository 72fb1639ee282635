use super::*;
use crate::request::RawRequest;
use crate::signature::Secret;
use crate::snapshot::{FrameType, PointSpec, SnapshotSpec};

mod absent;
mod others;
mod submit;
mod texts;
mod videos;

/// Reads `action` with `parameters` in a query, not encoded but for what they hold.
fn read(action: &str, parameters: &[(&str, &str)]) -> Result<Command, ApiError> {
    let raw = crate::signature::client::Signer::now("", &Secret::new(""), 0);
    let raw: RawRequest = raw.v1("GET", action, parameters);
    Command::read(&Request::decode(raw)?, &Limits::default())
}

fn refused(action: &str, parameters: &[(&str, &str)]) -> (u16, String, String) {
    let error = read(action, parameters).unwrap_err();
    (
        error.status(),
        error.code().to_owned(),
        error.message().to_owned(),
    )
}

fn code(action: &str, parameters: &[(&str, &str)]) -> String {
    refused(action, parameters).1
}
