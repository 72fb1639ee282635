//! How work stops short: for ever, with a code a caller can act on, or for now.

use super::progress::Progress;
use crate::ports::{PortError, SourceError};
use media::MediaError;
use plan::Budget;
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
    /// It can never be done: a verdict on its file or its request.
    Fail(Failure),
    /// It could not be done this time, for nothing that the job can help; what was in the way,
    /// for the log. Whatever is not known to be another of these is this.
    Retry(String),
    /// What makes its pictures ended badly on this very job: the decoder crashed, our own code
    /// panicked, a child process of ours ended without a word. What is known of it, for the log. So often, and it is a verdict too.
    Crashed(String),
    /// Its file is not there now, and may be there again.
    Missing,
    /// There is no such job, or none yet.
    Early,
    /// The time for it is over; so much is done.
    Pause(Box<Progress>),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fail(failure) => write!(out, "{}: {}", failure.code, failure.message),
            Self::Retry(cause) | Self::Crashed(cause) => out.write_str(cause),
            Self::Missing => write!(out, "{}", SourceError::Missing),
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

    /// What it means that a task did not come to its end.
    pub(crate) fn of_task(error: tokio::task::JoinError) -> Self {
        let Ok(panic) = error.try_into_panic() else {
            return Self::Retry("the runtime is ending".to_owned());
        };
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("a panic without words");
        // std and tokio panic where the system has no thread left to give.
        let lacks_threads = ["failed to spawn thread", "can't spawn worker thread"];
        if lacks_threads.iter().any(|words| text.contains(words)) {
            return Self::Retry(text.to_owned());
        }
        Self::Crashed(format!("a panic: {text}"))
    }
}

/// What was looked for and is not there.
pub(crate) fn not_found() -> Failure {
    Failure {
        code: "InvalidParameter.ResourceNotFound",
        message: "The resource operated cannot be found.".to_owned(),
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
            SourceError::NotFound => Self::Fail(not_found()),
            SourceError::Missing => Self::Missing,
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
        Budget::IndexMemory => "LimitExceeded.IndexMemory",
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
        if let MediaError::DecoderCrashed { .. } = error {
            return Self::Crashed(error.to_string());
        }
        if !error.is_permanent() {
            return Self::Retry(error.to_string());
        }
        if let Some(budget) = error.budget() {
            return Self::fail(code(budget), crate::text::sentence(&error.to_string()));
        }
        Self::fail(
            BAD,
            format!("The resource operated is bad/broken: {error}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(number: i32) -> MediaError {
        MediaError::Io(std::io::Error::from_raw_os_error(number))
    }

    /// Each of these ended a job for good while a mount was away or descriptors were short.
    #[test]
    fn what_the_machine_lacks_is_waited_for() {
        let (emfile, enospc, enoent, estale, eio, eacces) = (24, 28, 2, 116, 5, 13);
        let trouble = [emfile, enospc, enoent, estale, eio, eacces].map(io);
        let others = [
            MediaError::NotFound,
            MediaError::NotReadable {
                reason: "permission denied".to_owned(),
            },
            MediaError::Changed,
            MediaError::DecoderUnavailable {
                detail: "it can't be started".to_owned(),
            },
        ];
        for error in trouble.into_iter().chain(others) {
            let said = error.to_string();
            assert!(matches!(Stop::from(error), Stop::Retry(_)), "{said}");
        }
        let away = SourceError::Unavailable("the root is away".to_owned());
        assert!(matches!(Stop::from(away), Stop::Retry(_)));
    }

    #[test]
    fn what_is_said_of_the_file_itself_is_a_verdict() {
        for error in [
            MediaError::NoVideo,
            MediaError::Unreadable {
                detail: "x".to_owned(),
            },
            MediaError::NothingDecodes {
                detail: "x".to_owned(),
            },
        ] {
            assert!(matches!(Stop::from(error), Stop::Fail(_)));
        }
        let crashed = Stop::from(MediaError::DecoderCrashed { signal: 11 });
        assert!(matches!(crashed, Stop::Crashed(_)), "{crashed}");
    }

    #[tokio::test]
    async fn a_panic_is_the_jobs_unless_threads_are_short() {
        let panicked = tokio::spawn(async { std::panic::panic_any("out of cells") }).await;
        let stop = Stop::of_task(panicked.unwrap_err());
        assert!(matches!(&stop, Stop::Crashed(text) if text.contains("out of cells")));
        let short = "failed to spawn thread: Os { code: 11 }".to_owned();
        let panicked = tokio::spawn(async { std::panic::panic_any(short) }).await;
        let stop = Stop::of_task(panicked.unwrap_err());
        assert!(matches!(stop, Stop::Retry(_)), "{stop}");
    }
}
