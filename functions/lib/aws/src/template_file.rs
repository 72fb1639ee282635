//! A file of templates in a bucket.

use crate::call_error::CallError;
use crate::clients::Clients;
use crate::sources::RegionalClients;
use service::ports::{PortError, PortResult};

const PORT: &str = "templates";

/// The text at an `s3://bucket/key`.
///
/// # Errors
/// It is no such URL, or the object can't be read or is no text.
pub async fn template_file(clients: &Clients, uri: &str) -> PortResult<String> {
    let place = uri
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'));
    let (bucket, key) =
        place.ok_or_else(|| PortError::refused(PORT, "TEMPLATES_URI is not s3://bucket/key"))?;
    let failed = |cause| PortError::unavailable(PORT, CallError(cause));
    let regions = RegionalClients::new(clients.s3.clone());
    let get = || regions.of(bucket).get_object().bucket(bucket).key(key);
    let object = match get().send().await {
        Err(cause) if regions.learn(bucket, cause.raw_response()) => get().send().await,
        got => got,
    };
    let object = object.map_err(failed)?;
    let body = object.body.collect().await;
    let body = body.map_err(|cause| PortError::unavailable(PORT, cause))?;
    let text = String::from_utf8(body.to_vec());
    text.map_err(|cause| PortError::corrupt(PORT, cause))
}
