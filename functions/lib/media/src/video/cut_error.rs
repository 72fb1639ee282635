//! Why a video is not cut.

use crate::MediaError;
use container::IndexError;
use plan::Budget;

/// Whether it is reached another way then.
pub(super) enum CutError {
    Odd(String),
    /// The container's times are not those of its pictures.
    WrongTimes,
    Over(Budget),
    Failed(MediaError),
}

/// Why a video of which [`CutError::WrongTimes`] is true is not cut.
pub(super) const WRONG_TIMES: &str = "its times contradict the order of its pictures";

impl From<IndexError> for CutError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Unsupported(reason) => Self::Odd(reason.to_owned()),
            IndexError::WrongTimes => Self::WrongTimes,
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
            MediaError::NothingDecodes { detail } => Self::Odd(detail),
            MediaError::IndexMismatch => {
                Self::Odd("its samples are not what its index says".to_owned())
            }
            other => Self::Failed(other),
        }
    }
}
