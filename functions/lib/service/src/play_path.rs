//! The paths at which the files of videos are played.

use crate::model::VideoId;

/// What begins them. No object has such a key: those begin with the id of a video.
const PLAY: &str = "play/";

/// The path at which the file of a video is played. It ends as `file_name` does, for players that go
/// by it.
#[must_use]
pub fn play_path(id: &VideoId, file_name: &str) -> String {
    let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    let is_plain = ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match is_plain && !ending.is_empty() {
        true => format!("{PLAY}{id}.{ending}"),
        false => format!("{PLAY}{id}"),
    }
}

/// The id in a path that [`play_path`] gave; none in other paths.
#[must_use]
pub fn video_in(path: &str) -> Option<VideoId> {
    let name = path.strip_prefix(PLAY)?;
    let id = name.split_once('.').map_or(name, |(id, _)| id);
    Some(id.into())
}
