use super::ids::video_id;
use crate::error::ApiError;
use crate::id::VideoId;
use crate::parameters::Values;
use crate::snapshot::SnapshotSpec;
use serde::{Deserialize, Serialize};

/// A documented kind of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SnapshotType {
    /// The video's cover.
    CoverSnapshot,
    /// A JPEG per time point.
    NormalSnapshot,
    /// Sprite sheets.
    SpriteSnapshot,
    /// The pictures that sheets were made of.
    SpriteOriginSnapshot,
    /// A WebVTT file and what it lists.
    WebVttSnapshot,
    /// An animated image, which has calls of its own.
    DynamicImage,
}

impl SnapshotType {
    /// What a job of this spec makes where no template says otherwise.
    #[must_use]
    pub fn of(spec: &SnapshotSpec) -> Self {
        match spec.sprite {
            _ if spec.animation.is_some() => Self::DynamicImage,
            Some(_) => Self::SpriteSnapshot,
            None => Self::NormalSnapshot,
        }
    }

    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::CoverSnapshot,
        Self::NormalSnapshot,
        Self::SpriteSnapshot,
        Self::SpriteOriginSnapshot,
        Self::WebVttSnapshot,
        Self::DynamicImage,
    ];

    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CoverSnapshot => "CoverSnapshot",
            Self::NormalSnapshot => "NormalSnapshot",
            Self::SpriteSnapshot => "SpriteSnapshot",
            Self::SpriteOriginSnapshot => "SpriteOriginSnapshot",
            Self::WebVttSnapshot => "WebVttSnapshot",
            Self::DynamicImage => "DynamicImage",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// List the newest successful job's pictures of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSnapshots {
    /// Fit to be part of a key.
    pub video_id: VideoId,
    /// CoverSnapshot where none was asked for.
    pub snapshot_type: SnapshotType,
    /// How long signed URLs hold, s; 3600 to 2592000.
    pub auth_timeout_s: u64,
    /// From 1.
    pub page_no: u32,
    /// 1 to 100.
    pub page_size: u32,
}

impl ListSnapshots {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        let kind = values.word("SnapshotType")?.and_then(SnapshotType::named);
        Ok(Self {
            snapshot_type: kind.unwrap_or(SnapshotType::CoverSnapshot),
            auth_timeout_s: values.long("AuthTimeout")?.unwrap_or(0).max(3600),
            page_no: values.u32("PageNo")?.unwrap_or(1),
            page_size: values.u32("PageSize")?.unwrap_or(20),
            video_id: video_id(values, "VideoId")?,
        })
    }
}

/// Which pictures to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageType {
    /// Of every kind.
    All,
    /// Of this kind.
    Only(SnapshotType),
}

/// Delete pictures of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteImage {
    /// Fit to be part of a key.
    pub video_id: VideoId,
    /// Which.
    pub image_type: ImageType,
}

impl DeleteImage {
    pub(super) fn read(values: &Values<'_>) -> Result<Self, ApiError> {
        values.word("DeleteImageType")?;
        let kind = values.word("ImageType")?.and_then(SnapshotType::named);
        let image_type = kind.map_or(ImageType::All, ImageType::Only);
        Ok(Self {
            video_id: video_id(values, "VideoId")?,
            image_type,
        })
    }
}
