//! URLs of pictures: each leads on to the object, for a while. A text that names pictures is answered
//! as it stands: players resolve what it names against the address that they end at.

use crate::encoding::{Encoded, TooLong};
use aws::{PictureRedirects, PictureRequest};
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::Answer;
use service::api::{Api, PictureGrant};
use service::pictures::{Served, StoryboardFile};
use tracing::{error, warn};

/// What comes between the id of a video and the name of one of its pictures.
const MIDDLE: &str = "/snapshots/";

/// The key that is asked for: the path without what stands before it, such as a stage.
pub(crate) fn key(path: &str) -> Option<&str> {
    let middle = path.find(MIDDLE)?;
    let begin = path[..middle].rfind('/').map_or(0, |slash| slash + 1);
    Some(&path[begin..])
}

/// The picture or text that GET or HEAD asks for.
pub(crate) async fn answer(
    api: &Api,
    redirects: &PictureRedirects,
    key: &str,
    raw: &RawRequest,
) -> Result<Answer, ApiError> {
    let grant = api.picture(key, &raw.raw_query).await?;
    match grant.kind {
        // It names nothing, and may be longer than an answer.
        Served::Picture(_) | Served::Storyboard(StoryboardFile::Bif) => {
            redirect(redirects, &grant, raw).await
        }
        Served::WebVtt | Served::Storyboard(_) | Served::Manifest => {
            text(api, redirects, &grant, raw).await
        }
    }
}

async fn redirect(
    redirects: &PictureRedirects,
    grant: &PictureGrant,
    raw: &RawRequest,
) -> Result<Answer, ApiError> {
    let request = PictureRequest {
        is_head: raw.method == "HEAD",
        is_of_page: raw.header("origin").is_some(),
    };
    let redirect = redirects.to(&grant.key, request).await.map_err(|cause| {
        error!(%cause, "a picture can't be shown now");
        ApiError::unavailable()
    })?;
    let grant = PictureGrant {
        max_age_s: grant.max_age_s.min(redirect.max_age_s),
        ..grant.clone()
    };
    let headers = [
        ("location", redirect.location.as_str()),
        ("cache-control", &grant.cache_control()),
        // A page that reads the picture is led to another URL than one that shows it.
        ("vary", "Origin"),
    ];
    Ok(Answer::with(302, &headers, Vec::new()))
}

async fn text(
    api: &Api,
    redirects: &PictureRedirects,
    grant: &PictureGrant,
    raw: &RawRequest,
) -> Result<Answer, ApiError> {
    let body = api.picture_text(grant).await?;
    let body = body.ok_or_else(|| ApiError::no_such_resource(&grant.key))?;
    let bytes = body.len();
    let (body, coding) = match Encoded::of(body, raw) {
        Ok(Encoded::Identity(body)) => (body, None),
        Ok(Encoded::Gzip(body)) => (body, Some("gzip")),
        // It names nothing by where it is itself.
        Err(_) if grant.kind == Served::Manifest => return redirect(redirects, grant, raw).await,
        Err(reason) => {
            warn!(bytes, ?reason, "too long for an answer of the function");
            return Err(too_long(bytes, &reason));
        }
    };
    let caching = grant.cache_control();
    let headers = [
        ("content-type", grant.kind.content_type()),
        ("cache-control", &caching),
        ("vary", "Accept-Encoding"),
    ];
    let body = match raw.method.as_str() {
        "HEAD" => Vec::new(),
        _ => body,
    };
    let mut answer = Answer::with(200, &headers, body);
    if let Some(coding) = coding {
        answer.add_headers(&[("content-encoding", coding)]);
    }
    Ok(answer)
}

fn too_long(bytes: usize, reason: &TooLong) -> ApiError {
    ApiError::not_acceptable(&match reason {
        TooLong::NeedsGzip => format!(
            "The file has {bytes} bytes, and an answer is limited to 6 MB: \
             send the header Accept-Encoding: gzip."
        ),
        TooLong::Always => format!(
            "The file has {bytes} bytes, and an answer is limited to 6 MB, compressed too. \
             Take fewer pictures, or have a CDN that reads the bucket."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_before_the_key_is_part_of_it() {
        assert_eq!(
            key("/v/snapshots/j-00001.jpg"),
            Some("v/snapshots/j-00001.jpg")
        );
        assert_eq!(
            key("/prod/v/snapshots/sprite/j-00001.jpg"),
            Some("v/snapshots/sprite/j-00001.jpg")
        );
        assert_eq!(key("/v/snapshots"), None);
        assert_eq!(key("/"), None);
    }
}
