//! PlayURLs of GetPlayInfo: each leads on to the file, for a while.

use aws::{PlayError, Player};
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::Answer;
use tracing::{error, info};

/// What a player asks for: the path without what stands before it, such as a stage.
pub(crate) fn path(path: &str) -> Option<&str> {
    path.rfind("/play/").map(|at| &path[at + 1..])
}

pub(crate) async fn redirect(
    player: &Player,
    path: &str,
    raw: &RawRequest,
) -> Result<Answer, ApiError> {
    let found = player.location(path, &raw.raw_query, raw.method == "HEAD");
    let location = found.await.map_err(|cause| match cause {
        PlayError::Forbidden => ApiError::forbidden(),
        PlayError::NotFound => {
            info!(%cause, path, "not playable");
            ApiError::no_such_resource(path)
        }
        PlayError::Unavailable(_) => {
            error!(%cause, "a video can't be played now");
            ApiError::unavailable()
        }
    })?;
    let headers = [
        ("location", location.as_str()),
        ("cache-control", "no-store"),
    ];
    Ok(Answer::with(302, &headers, Vec::new()))
}
