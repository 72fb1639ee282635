//! Ids as calls give them.

use crate::error::ApiError;
use crate::id::VideoId;
use crate::parameters::Values;

/// A video's id that is fit to be part of a key; any other is of no video.
pub(super) fn video_id(values: &Values<'_>, name: &str) -> Result<VideoId, ApiError> {
    let id = values.id(name).filter(|id| crate::id::is_plausible(id));
    id.map(VideoId::from).ok_or_else(ApiError::video_not_found)
}

/// The longest id that can be anything's, characters.
const ID: usize = 64;

/// The id of something else. A text too long for an id is cut: still the id of nothing, but
/// short enough for any store to be asked for, and for an error to repeat.
pub(super) fn other_id(values: &Values<'_>, name: &str) -> String {
    let id = values.id(name).unwrap_or_default();
    id.chars().filter(|c| !c.is_control()).take(ID).collect()
}
