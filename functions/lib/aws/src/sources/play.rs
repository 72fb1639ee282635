//! Where clients play the files of the source buckets.
//!
//! A presigned URL holds no longer than the credentials that signed it, which are those of one
//! environment of a function. So the URL that a caller gets is one of the API itself, signed with
//! the deployment's own key for as long as it was asked for, and each call of it is answered with a
//! redirect to a presigned one.

mod links;

use super::url::Location;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::presigning::PresigningConfig;
pub(crate) use links::PlayLinks;
use service::model::UnixMs;
use service::ports::{Clock, SourceError, SystemClock};
use service::video_type::video_type;
use std::time::Duration;

/// The longest that S3 lets a URL hold. It holds no longer than the credentials that signed it.
const LONGEST_S: i64 = 7 * 24 * 60 * 60;

/// What a presigned URL is for. S3 takes none for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlayMethod {
    Get,
    Head,
}

/// Nothing but this file, from now until then.
pub(super) async fn presign(
    client: &Client,
    method: PlayMethod,
    location: Location,
    expires_ms: UnixMs,
) -> Result<String, SourceError> {
    let left_ms = expires_ms.saturating_sub(SystemClock.now_ms());
    let for_s = left_ms
        .saturating_add(999)
        .div_euclid(1000)
        .clamp(1, LONGEST_S);
    let for_s = Duration::from_secs(u64::try_from(for_s).unwrap_or(1));
    let config = PresigningConfig::expires_in(for_s)
        .map_err(|cause| SourceError::Unavailable(cause.to_string()))?;
    let content_type = video_type(&location.key);
    let Location {
        bucket,
        key,
        version,
    } = location;
    let presigned = match method {
        PlayMethod::Get => {
            let get = client.get_object().response_content_type(content_type);
            let get = get.bucket(bucket).key(key).set_version_id(version);
            get.presigned(config).await.map_err(failed)?
        }
        PlayMethod::Head => {
            let head = client.head_object().response_content_type(content_type);
            let head = head.bucket(bucket).key(key).set_version_id(version);
            head.presigned(config).await.map_err(failed)?
        }
    };
    Ok(presigned.uri().to_owned())
}

fn failed(cause: impl std::error::Error) -> SourceError {
    SourceError::Unavailable(DisplayErrorContext(cause).to_string())
}
