//! Animated images of a video.

use super::ids::{other_id, video_id};
use crate::error::ApiError;
use crate::id::{JobId, TemplateId, VideoId};
use crate::lenient;
use crate::parameters::Values;

/// So many are deleted by one call, as by the vendor's.
pub const MAX_DELETED: usize = 10;

/// Make an animated image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitDynamicImageJob {
    /// Fit to be part of a key.
    pub video_id: VideoId,
    /// At most 64 characters of any kind.
    pub template_id: TemplateId,
    /// What counts in place of the template's; not looked at yet, as that depends on the template.
    pub overrides: Option<String>,
}

impl SubmitDynamicImageJob {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            overrides: values.text("OverrideParams")?.map(str::to_owned),
            template_id: other_id(values, "DynamicImageTemplateId").into(),
            video_id: video_id(values, "VideoId")?,
        })
    }
}

/// List the animated images of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDynamicImage {
    /// Fit to be part of a key.
    pub video_id: VideoId,
}

impl ListDynamicImage {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            video_id: video_id(values, "VideoId")?,
        })
    }
}

/// Delete animated images of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteDynamicImage {
    /// Fit to be part of a key.
    pub video_id: VideoId,
    /// Which, each once, at most [`MAX_DELETED`]; none given: all, if there are no more.
    pub ids: Vec<JobId>,
}

impl DeleteDynamicImage {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let name = "DynamicImageIds";
        let parts = values.text(name)?.unwrap_or_default().split(',');
        let mut ids: Vec<JobId> = Vec::new();
        for id in parts.map(str::trim) {
            let is_news = !ids.iter().any(|known| *known == *id);
            if is_news && !lenient::says_nothing(id) {
                ids.push(id.into());
            }
        }
        if ids.len() > MAX_DELETED {
            let rule =
                format!("It must hold at most {MAX_DELETED} identifiers, separated by commas.");
            return Err(ApiError::invalid(name, &rule));
        }
        Ok(Self {
            ids,
            video_id: video_id(values, "VideoId")?,
        })
    }
}
