//! GetPlayInfo: where the source file can be played, as it is.

use super::videos::{file_name, stream};
use super::{Api, Reply, reply};
use crate::model::Video;
use crate::ports::SourceError;
use contract::command::GetPlayInfo;
use contract::error::ApiError;
use contract::response::body;

/// The longest that a URL holds, s. Stores may let it hold for less.
const LONGEST_S: u64 = 30 * 24 * 60 * 60;

impl Api {
    pub(super) async fn play_info(&self, command: GetPlayInfo) -> Reply {
        let video = self.video(&command.video).await?;
        if !video.status.allows_snapshots() {
            return Err(ApiError::illegal_status());
        }
        let format = format_of(&video);
        check(&command, &format)?;
        let for_s = command.auth_timeout_s.clamp(1, LONGEST_S);
        let for_ms = i64::try_from(for_s * 1000).unwrap_or(i64::MAX);
        let expires_ms = self.now_ms().saturating_add(for_ms);
        self.check_is_video(&video).await?;
        let play_url = self.ports.sources.play_url(&video, expires_ms).await;
        let play_url = play_url.map_err(|cause| refused(&cause))?;
        let (cover_url, _) = self.covers(&video).await?;
        reply(body::GetPlayInfo {
            stream: video.facts.as_ref().map(stream),
            duration_ms: video.facts.as_ref().map(|facts| facts.duration_ms),
            video_id: video.id,
            title: video.title,
            status: video.status.name().to_owned(),
            cover_url,
            size_bytes: video.size_bytes,
            format,
            play_url,
            created_ms: video.created_ms,
            modified_ms: video.modified_ms,
        })
    }

    /// Anything may be registered, a list of passwords too. Only what a decoder has seen to be a video
    /// is given to players, and only with the content that it saw.
    async fn check_is_video(&self, video: &Video) -> Result<(), ApiError> {
        let file = self.ports.sources.open_video(video).await;
        let file = file.map_err(|cause| refused(&cause))?;
        // Of a file that was replaced, more will be known soon; of one that never was a video, not.
        if video.facts.is_some() {
            self.look_into(video, &*file).await?;
        }
        if video.is_playable_from(&*file) {
            return Ok(());
        }
        let detail = "The source file is not known to be a video. It is looked into after it is \
                      registered.";
        Err(ApiError::none_stream(detail))
    }
}

/// The ending of the file's name, in lower case.
fn format_of(video: &Video) -> String {
    let name = file_name(video);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_ascii_lowercase()
}

/// There is one stream; whoever asks for another is told so.
fn check(command: &GetPlayInfo, format: &str) -> Result<(), ApiError> {
    let lacks =
        |wanted: &[String], has: &str| !wanted.is_empty() && wanted.iter().all(|w| w != has);
    if lacks(&command.definitions, "OD") {
        return Err(ApiError::none_stream("Definition can only be OD."));
    }
    if lacks(&command.stream_types, "video") {
        return Err(ApiError::none_stream("StreamType can only be video."));
    }
    if lacks(&command.formats, format) {
        let detail = "Formats does not hold the format of the source file, the only one.";
        return Err(ApiError::none_stream(detail));
    }
    Ok(())
}

fn refused(cause: &SourceError) -> ApiError {
    tracing::info!(%cause, "not playable");
    match cause {
        SourceError::NotFound | SourceError::Missing | SourceError::NotAllowed => {
            ApiError::none_stream("The source file is not where this service may read it.")
        }
        SourceError::Unreadable(_) | SourceError::Unavailable(_) => ApiError::unavailable(),
    }
}
