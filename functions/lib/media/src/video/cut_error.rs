//! Why a video is not cut.

use crate::MediaError;
use crate::listing::PacketTimes;
use container::IndexError;
use plan::Budget;

/// Whether it is reached another way then.
pub(super) enum CutError {
    Odd {
        reason: String,
        /// Of the packets that ffmpeg lists then.
        times: PacketTimes,
    },
    Over(Budget),
    Failed(MediaError),
}

/// Why a video is not cut whose container's times are not those of its pictures.
pub(super) const WRONG_TIMES: &str = "its times contradict the order of its pictures";

/// Why it is not where they are gone, or others.
pub(super) const UNTRUE: &str = "its samples are not what its index says";

impl CutError {
    pub(super) fn odd(reason: &str, times: PacketTimes) -> Self {
        let reason = reason.to_owned();
        Self::Odd { reason, times }
    }
}

impl From<IndexError> for CutError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Unsupported(reason) => Self::odd(reason, PacketTimes::Believed),
            IndexError::Damaged(reason) => Self::odd(reason, PacketTimes::Incomplete),
            IndexError::WrongTimes => Self::odd(WRONG_TIMES, PacketTimes::Wrong),
            IndexError::Encrypted => Self::Failed(MediaError::Encrypted),
            IndexError::StillPicture => Self::Failed(MediaError::StillPicture),
            IndexError::Over(budget) => Self::Over(budget),
            IndexError::Read(error) => Self::Failed(error.into()),
        }
    }
}

impl From<MediaError> for CutError {
    /// What our own reading can't make a picture of, ffmpeg's may.
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NothingDecodes { detail } => Self::odd(&detail, PacketTimes::Believed),
            MediaError::IndexMismatch => Self::odd(UNTRUE, PacketTimes::Incomplete),
            other => Self::Failed(other),
        }
    }
}
