//! How work stops short: for ever, with a code a caller can act on, or for now.

use super::progress::Progress;
use crate::ports::{PortError, SourceError};
use media::{Budget, MediaError};
use plan::points::NoPlan;

/// Why a job ended Fail (codes of contract section 1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One of the documented codes.
    pub code: &'static str,
    /// For a person; no paths, no secrets.
    pub message: String,
}

/// Why work stopped.
#[derive(Debug)]
pub enum Stop {
    /// It can never be done.
    Fail(Failure),
    /// It could not be done this time; what was in the way, for the log.
    Retry(String),
    /// There is no such job, or none yet.
    Early,
    /// The time for it is over; so much is done.
    Pause(Box<Progress>),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fail(failure) => write!(out, "{}: {}", failure.code, failure.message),
            Self::Retry(cause) => out.write_str(cause),
            Self::Early => out.write_str("there is no such job yet"),
            Self::Pause(_) => out.write_str("its time is over"),
        }
    }
}

impl Stop {
    pub(crate) fn fail(code: &'static str, message: impl Into<String>) -> Self {
        Self::Fail(Failure {
            code,
            message: message.into(),
        })
    }
}

/// The code for a file that cannot be made into pictures.
pub(super) const BAD: &str = "InvalidParameter.ResourceContentBad";

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::NotFound => Self::fail(
                "InvalidParameter.ResourceNotFound",
                "The resource operated cannot be found.",
            ),
            SourceError::NotAllowed => Self::fail(
                "PermissionDenied.ResourceAccess",
                "The resource operated is not in a place that may be read.",
            ),
            SourceError::Unavailable(cause) => Self::Retry(cause),
        }
    }
}

impl From<NoPlan> for Stop {
    fn from(error: NoPlan) -> Self {
        let code = match error {
            NoPlan::NothingLeft { .. } => "InvalidParameter.SpecifiedOffsetTime",
            NoPlan::TooMany { .. } => "InvalidParameter.Interval",
        };
        Self::fail(code, crate::text::sentence(&error.to_string()))
    }
}

/// The code of a job whose video went over a budget.
#[must_use]
pub fn code(budget: Budget) -> &'static str {
    match budget {
        Budget::InputBytes => "LimitExceeded.InputBytes",
        Budget::CopiedBytes => "LimitExceeded.CopiedBytes",
        Budget::IndexBytes => "LimitExceeded.IndexBytes",
        Budget::Samples => "LimitExceeded.Samples",
        Budget::Streams => "LimitExceeded.Streams",
        Budget::FramePixels => "LimitExceeded.FramePixels",
        Budget::DecodedPixels => "LimitExceeded.DecodedPixels",
        Budget::Cpu => "LimitExceeded.CpuTime",
        Budget::PictureCpu => "LimitExceeded.PictureCpuTime",
        Budget::Wall => "LimitExceeded.WallTime",
        Budget::Idle => "LimitExceeded.NoProgress",
        Budget::Memory => "LimitExceeded.Memory",
        Budget::Stderr => "LimitExceeded.DecoderOutput",
        Budget::WrittenBytes => "LimitExceeded.WrittenBytes",
        Budget::Threads => "LimitExceeded.Threads",
        // The caller's to change.
        Budget::SheetPixels => "InvalidParameter.SpriteSnapshotConfig",
        Budget::OutputBytes => "LimitExceeded.OutputBytes",
    }
}

impl From<MediaError> for Stop {
    fn from(error: MediaError) -> Self {
        if !error.is_permanent() {
            return Self::Retry(error.to_string());
        }
        if let Some(budget) = error.budget() {
            return Self::fail(code(budget), crate::text::sentence(&error.to_string()));
        }
        match error {
            MediaError::NotFound => SourceError::NotFound.into(),
            other => Self::fail(
                BAD,
                format!("The resource operated is bad/broken: {other}."),
            ),
        }
    }
}
