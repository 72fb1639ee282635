//! How work stops short: for ever, with a code a caller can act on, or for now.

use super::checkpoint::Checkpoint;
use super::large_job::LargeJob;
use crate::ports::{PortError, PortErrorKind, SourceError};
use crate::text::sentence;
use artifacts::jpeg::JpegError;
use artifacts::storyboard::bif::BifTooLarge;
use contract::error::ErrorCode;
use media::MediaError;
use plan::Budget;
use plan::points::NoPlan;
use std::fmt;

/// Why a job ended Fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// What subscribers are told.
    pub code: ErrorCode,
    /// For a person; no paths, no secrets.
    pub message: String,
}

impl JobFailure {
    /// With a text of its own.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// With the text of the table.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self::new(code, code.entry().message)
    }

    /// A file that cannot be made into pictures, because of `detail`.
    pub(crate) fn bad_content(detail: impl fmt::Display) -> Self {
        let message = format!("The resource operated is bad/broken: {detail}.");
        Self::new(ErrorCode::ResourceContentBad, message)
    }
}

/// Why work stopped.
#[derive(Debug)]
pub enum Interrupted {
    /// It can never be done: a verdict on its file or its request.
    Failed(JobFailure),
    /// It could not be done this time, for nothing that the job can help; what was in the way,
    /// for the log. Whatever is not known to be another of these is this.
    Retry(String),
    /// What makes its pictures ended badly on this very job: the decoder crashed, our own code
    /// panicked, a child process of ours ended without a word. What is known of it, for the log.
    /// After some of these it is a verdict too.
    Crashed(String),
    /// The job's own record can't be read, and will not be until a person repairs it. For the log.
    UnreadableJob(String),
    /// Its file is not there now, and may be there again.
    FileMissing,
    /// There is no such job, or none yet.
    NotYetWritten,
    /// The time for it is over, or it was a part of the work alone; so much is done.
    Paused(Box<Checkpoint>),
    /// It is more work than one run is to do.
    Large(Box<LargeJob>),
}

impl fmt::Display for Interrupted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => write!(out, "{}: {}", failure.code.name(), failure.message),
            Self::Retry(cause) | Self::Crashed(cause) | Self::UnreadableJob(cause) => {
                out.write_str(cause)
            }
            Self::FileMissing => write!(out, "{}", SourceError::Missing),
            Self::NotYetWritten => out.write_str("the job does not exist yet"),
            Self::Paused(_) => out.write_str("the time of the run is over"),
            Self::Large(large) => write!(out, "the job is of {} parts", large.parts.len()),
        }
    }
}

impl Interrupted {
    pub(crate) fn failed(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Failed(JobFailure::new(code, message))
    }

    /// What it means that the job itself could not be read.
    pub(crate) fn of_job(error: PortError) -> Self {
        match error.kind {
            PortErrorKind::Corrupt => Self::UnreadableJob(error.to_string()),
            PortErrorKind::Unavailable | PortErrorKind::Refused => error.into(),
        }
    }

    /// What it means that a task did not come to its end.
    pub(crate) fn of_task(error: tokio::task::JoinError) -> Self {
        let Ok(panic) = error.try_into_panic() else {
            return Self::Retry("the runtime is shutting down".to_owned());
        };
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("a panic without a message");
        // std and tokio panic where the system has no thread left to give.
        let lacks_threads = ["failed to spawn thread", "can't spawn worker thread"];
        if lacks_threads.iter().any(|words| text.contains(words)) {
            return Self::Retry(text.to_owned());
        }
        Self::Crashed(format!("panic: {text}"))
    }
}

impl From<JobFailure> for Interrupted {
    fn from(failure: JobFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<PortError> for Interrupted {
    /// Whatever its kind: a record that can't be read may be that of all jobs, and may be read
    /// again once it is repaired or the program is the one that wrote it.
    fn from(error: PortError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<SourceError> for Interrupted {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::NotFound => JobFailure::of(ErrorCode::ResourceNotFound).into(),
            SourceError::Missing => Self::FileMissing,
            SourceError::NotAllowed => JobFailure::of(ErrorCode::ResourceAccess).into(),
            SourceError::Unreadable(cause) | SourceError::Unavailable(cause) => Self::Retry(cause),
        }
    }
}

impl From<NoPlan> for Interrupted {
    fn from(error: NoPlan) -> Self {
        let code = match error {
            NoPlan::NothingLeft { .. } => ErrorCode::SpecifiedOffsetTime,
            NoPlan::TooMany { .. } | NoPlan::IntervalTooShort { .. } => ErrorCode::Interval,
        };
        Self::failed(code, sentence(&error.to_string()))
    }
}

impl From<plan::sheet::SheetTooLarge> for Interrupted {
    fn from(error: plan::sheet::SheetTooLarge) -> Self {
        Self::failed(
            ErrorCode::SpriteSnapshotConfig,
            sentence(&error.to_string()),
        )
    }
}

/// What no picture of this size or content can be made into.
macro_rules! is_bad_content {
    ($($error:ty),*) => {
        $(impl From<$error> for Interrupted {
            fn from(error: $error) -> Self {
                Self::failed(ErrorCode::ResourceContentBad, sentence(&error.to_string()))
            }
        })*
    };
}

is_bad_content!(
    plan::size::TooLarge,
    JpegError,
    BifTooLarge,
    artifacts::PngError,
    artifacts::WebpError,
    artifacts::ResizeError,
    artifacts::PlaceError
);

/// The code of a job whose video went over a budget.
#[must_use]
pub fn code(budget: Budget) -> ErrorCode {
    match budget {
        Budget::InputBytes => ErrorCode::InputBytes,
        Budget::CopiedBytes => ErrorCode::CopiedBytes,
        Budget::IndexBytes => ErrorCode::IndexBytes,
        Budget::IndexMemory => ErrorCode::IndexMemory,
        Budget::Samples => ErrorCode::Samples,
        Budget::Streams => ErrorCode::Streams,
        Budget::FramePixels => ErrorCode::FramePixels,
        Budget::DecodedPixels => ErrorCode::DecodedPixels,
        Budget::Cpu => ErrorCode::CpuTime,
        Budget::PictureCpu => ErrorCode::PictureCpuTime,
        Budget::Wall => ErrorCode::WallTime,
        Budget::Idle => ErrorCode::NoProgress,
        // No video is refused for what is held back.
        Budget::Memory | Budget::HeldBytes => ErrorCode::Memory,
        Budget::Stderr => ErrorCode::DecoderOutput,
        Budget::WrittenBytes => ErrorCode::WrittenBytes,
        Budget::Threads => ErrorCode::Threads,
        // The caller's to change.
        Budget::SheetPixels => ErrorCode::SpriteSnapshotConfig,
        Budget::OutputBytes => ErrorCode::OutputBytes,
    }
}

impl From<MediaError> for Interrupted {
    fn from(error: MediaError) -> Self {
        if let MediaError::DecoderCrashed { .. } = error {
            return Self::Crashed(error.to_string());
        }
        if !error.is_permanent() {
            return Self::Retry(error.to_string());
        }
        if let Some(budget) = error.budget() {
            return Self::failed(code(budget), sentence(&error.to_string()));
        }
        JobFailure::bad_content(error).into()
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
            assert!(
                matches!(Interrupted::from(error), Interrupted::Retry(_)),
                "{said}"
            );
        }
        for passing in [SourceError::Unavailable, SourceError::Unreadable] {
            let stop = Interrupted::from(passing("the root is away".to_owned()));
            assert!(matches!(stop, Interrupted::Retry(_)), "{stop}");
        }
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
            assert!(matches!(Interrupted::from(error), Interrupted::Failed(_)));
        }
        let encrypted = Interrupted::from(MediaError::Encrypted);
        let Interrupted::Failed(failure) = encrypted else {
            panic!("{encrypted}");
        };
        assert_eq!(failure.code, ErrorCode::ResourceContentBad);
        assert!(failure.message.contains("the video is encrypted"));
        let crashed = Interrupted::from(MediaError::DecoderCrashed { signal: 11 });
        assert!(matches!(crashed, Interrupted::Crashed(_)), "{crashed}");
    }

    #[tokio::test]
    async fn a_panic_is_the_jobs_unless_threads_are_short() {
        let panicked = tokio::spawn(async { std::panic::panic_any("out of cells") }).await;
        let stop = Interrupted::of_task(panicked.unwrap_err());
        assert!(matches!(&stop, Interrupted::Crashed(text) if text.contains("out of cells")));
        let short = "failed to spawn thread: Os { code: 11 }".to_owned();
        let panicked = tokio::spawn(async { std::panic::panic_any(short) }).await;
        let stop = Interrupted::of_task(panicked.unwrap_err());
        assert!(matches!(stop, Interrupted::Retry(_)), "{stop}");
    }
}
