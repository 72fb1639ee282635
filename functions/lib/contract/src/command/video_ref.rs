//! The video that a call names.

use super::ids::video_id;
use crate::error::ApiError;
use crate::id::VideoId;
use crate::parameters::Values;

/// How a call names its video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VideoRef {
    /// VideoId, `[A-Za-z0-9_-]`, 1 to 64; it takes precedence over a ReferenceId.
    Id(VideoId),
    /// ReferenceId, `[A-Za-z0-9_-]`, 6 to 64.
    Reference(String),
}

impl VideoRef {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        match values.id("VideoId") {
            Some(_) => video_id(values, "VideoId").map(Self::Id),
            None => {
                let reference = values.text("ReferenceId")?.unwrap_or_default();
                Ok(Self::Reference(reference.to_owned()))
            }
        }
    }
}
