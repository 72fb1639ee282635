//! Why a decoder gave nothing.

use plan::LimitExceeded;
use std::io;
use thiserror::Error;

/// Every way to fail that is not told by what the decoder itself says of its input.
#[derive(Debug, Error)]
pub enum DecoderError {
    /// Permanent: the same input would take as much again.
    #[error(transparent)]
    Exceeded(#[from] LimitExceeded),
    /// Neither: the call's time is over, or nobody wants what it would give.
    #[error("stopped")]
    Stopped,
    /// Transient: the decoder ended by a signal that comes of what a program does itself, such
    /// as a segmentation fault, or was killed, as the kernel does with who takes all memory. Five
    /// of these are a property of the file.
    #[error("ffmpeg failed: it was ended by signal {signal}")]
    Crashed {
        /// As signal(7) numbers them.
        signal: i32,
    },
    /// Transient: the decoder could not be started, or somebody else told it to end. Nothing of
    /// that is the file's.
    #[error("ffmpeg failed: {detail}")]
    Unavailable {
        /// What is known of it.
        detail: String,
    },
    /// Transient: the machine's trouble, not the video's.
    #[error("I/O error: {0}")]
    Io(#[from] io::Error),
}

impl DecoderError {
    /// ffmpeg was ended by a signal that did not come from us.
    #[must_use]
    pub fn signalled(signal: i32) -> Self {
        // Sent by people, service managers and terminals, and by no kernel to a faulty program.
        const FROM_OUTSIDE: [i32; 4] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGQUIT];
        if FROM_OUTSIDE.contains(&signal) {
            return Self::Unavailable {
                detail: format!("it was told to end by signal {signal}"),
            };
        }
        Self::Crashed { signal }
    }

    /// ffmpeg ended by itself, but not for anything in its input. 255 alone tells nothing: errors
    /// of some demuxers end so, too.
    pub(crate) fn ended_early(exit_status: Option<i32>, was_told: bool) -> Option<Self> {
        let detail = match exit_status? {
            // What the dynamic loader says where a library is missing, and a shell where there
            // is no program. No error of ffmpeg's own gives these numbers.
            126 | 127 => "the program or one of its shared libraries is missing",
            // ffmpeg catches the signals that ask a program to end, says so, and ends in order.
            255 if was_told => "it was told to end",
            _ => return None,
        };
        Some(Self::Unavailable {
            detail: detail.to_owned(),
        })
    }

    /// There was no process.
    pub(crate) fn not_started(cause: &io::Error) -> Self {
        Self::Unavailable {
            detail: format!("it can't be started: {cause}"),
        }
    }
}
