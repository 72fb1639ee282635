//! URLs at which clients play files of the source buckets: presigned, whatever the file was
//! registered by, and for nothing but this file.

use super::url::Location;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::presigning::PresigningConfig;
use service::model::UnixMs;
use service::ports::{Clock, SourceError, SystemClock};
use std::time::Duration;

/// The longest that S3 lets a URL hold. It holds no longer than the credentials that signed it.
const LONGEST_S: i64 = 7 * 24 * 60 * 60;

/// By the ending of a key: a file is given as a video, whatever it was stored as.
const VIDEO_TYPES: [(&str, &str); 6] = [
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("webm", "video/webm"),
    ("ts", "video/mp2t"),
    ("flv", "video/x-flv"),
    ("avi", "video/x-msvideo"),
];
const DEFAULT_TYPE: &str = "video/mp4";

pub(super) async fn presign(
    client: &Client,
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
    let request = client
        .get_object()
        .response_content_type(video_type(&location.key))
        .bucket(location.bucket)
        .key(location.key)
        .set_version_id(location.version)
        .presigned(config)
        .await
        .map_err(|cause| SourceError::Unavailable(DisplayErrorContext(cause).to_string()))?;
    Ok(request.uri().to_owned())
}

fn video_type(key: &str) -> &'static str {
    let ending = key.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_it = |(known, _): &&(&str, &str)| known.eq_ignore_ascii_case(ending);
    let known = VIDEO_TYPES.iter().find(is_it);
    known.map_or(DEFAULT_TYPE, |(_, content_type)| content_type)
}
