//! Where in its life a video is.

use serde::{Deserialize, Serialize};

/// The vendor's video statuses, by their wire names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum VideoStatus {
    Uploading,
    UploadFail,
    UploadSucc,
    Transcoding,
    TranscodeFail,
    Checking,
    Blocked,
    Normal,
    ProduceFail,
}

impl VideoStatus {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Uploading,
        Self::UploadFail,
        Self::UploadSucc,
        Self::Transcoding,
        Self::TranscodeFail,
        Self::Checking,
        Self::Blocked,
        Self::Normal,
        Self::ProduceFail,
    ];

    /// That of a new video, which is playable at once where nobody waits for a transcoding.
    #[must_use]
    pub fn registered(is_playable: bool) -> Self {
        match is_playable {
            true => Self::Normal,
            false => Self::UploadSucc,
        }
    }

    /// Whether snapshots may be asked for and listed.
    #[must_use]
    pub fn allows_snapshots(self) -> bool {
        matches!(
            self,
            Self::UploadSucc | Self::Normal | Self::Checking | Self::Blocked
        )
    }

    /// Whether animated images may be asked for: also of a video that is transcoded meanwhile.
    #[must_use]
    pub fn allows_dynamic_images(self) -> bool {
        self.allows_snapshots() || self == Self::Transcoding
    }

    /// The wire name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uploading => "Uploading",
            Self::UploadFail => "UploadFail",
            Self::UploadSucc => "UploadSucc",
            Self::Transcoding => "Transcoding",
            Self::TranscodeFail => "TranscodeFail",
            Self::Checking => "Checking",
            Self::Blocked => "Blocked",
            Self::Normal => "Normal",
            Self::ProduceFail => "ProduceFail",
        }
    }
}
