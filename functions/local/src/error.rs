//! Why a command failed.

use crate::keys::KeysError;
use crate::tls::TlsError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What the program prints before it exits with status 1.
#[derive(Debug, Error)]
pub enum CommandError {
    /// No usable ffmpeg.
    #[error(transparent)]
    Ffmpeg(#[from] decoder::LocateError),
    /// Decoder processes would be confined less than required.
    #[error(transparent)]
    Unconfined(#[from] decoder::Unconfined),
    /// The data folder cannot be used.
    #[error(transparent)]
    Store(#[from] embedded::StoreError),
    /// The access keys are missing, unreadable, or contradict other options.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// https cannot be served.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A file or folder cannot be used.
    #[error("{path}: {cause}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The server cannot listen on its address.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        cause: io::Error,
    },
    /// A file of templates is not one.
    #[error("{path}: {cause}")]
    Templates {
        /// The file.
        path: PathBuf,
        /// What is wrong, and with which template.
        cause: service::templates_file::TemplatesError,
    },
    /// The templates of a file could not be stored.
    #[error("the templates cannot be stored: {0}")]
    TemplateStore(#[from] service::ports::PortError),
    /// An option has a value that its rule does not allow.
    #[error("{option}: {rule}")]
    OptionValue {
        /// The option, such as `--count`.
        option: &'static str,
        /// What is allowed, and what was given.
        rule: String,
    },
    /// What is there may be somebody's.
    #[error("{path}: it is there already, and was not made by an earlier run; --force replaces it")]
    InTheWay {
        /// The first of what is in the way.
        path: PathBuf,
    },
    /// Two runs in one folder would mix their pictures.
    #[error("{path}: another run is writing there")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The result cannot be printed.
    #[error("standard output: {0}")]
    Stdout(io::Error),
    /// There is nothing in a file to take pictures of.
    #[error("{0}")]
    NoVideo(String),
    /// Some of what was asked for is there, and some is not.
    #[error("{0}")]
    Partial(String),
    /// None of several videos gave pictures.
    #[error("none of {all} videos gave pictures")]
    AllVideos {
        /// How many there were.
        all: usize,
        /// That of each, where it is the same.
        exit_code: u8,
    },
    /// A signal ended the run.
    #[error("{message}")]
    Interrupted {
        /// As shells report a program that ended by that signal.
        exit_code: u8,
        /// Which signal, and what is kept.
        message: String,
    },
    /// No pictures could be taken of a video.
    #[error("{0}")]
    Video(String),
    /// A file to sign is not an event of an HTTP API.
    #[error("{path}: not an API Gateway HTTP API event (payload format 2.0)")]
    NotAnEvent {
        /// The file.
        path: PathBuf,
    },
    /// The request in an event cannot be signed.
    #[error("{path}: cannot be signed: {cause}")]
    Unsignable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// There is no access key with this id.
    #[error("no access key with the id \"{id}\"")]
    UnknownKey {
        /// The id.
        id: String,
    },
    /// A step of the demo failed.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// An error of the operating system.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Why the demo failed.
#[derive(Debug, Error)]
pub enum DemoError {
    /// This ffmpeg has no encoder for the generated clip.
    #[error("this ffmpeg cannot encode the demo clip; give the path of a video instead")]
    NoEncoder,
    /// Nothing in there may be registered: the database and its secrets lie beside it.
    #[error("VIDEO must not lie in the data folder itself; give another folder with --data")]
    InDataFolder,
    /// The server refused a call.
    #[error("{action} failed: {answer}")]
    Refused {
        /// The API action.
        action: String,
        /// The server's answer.
        answer: String,
    },
    /// An answer of the server is not what the API documents.
    #[error("unexpected answer: {0}")]
    Answer(String),
    /// A job failed.
    #[error("the job failed with {code}: {message}")]
    Job {
        /// ErrorCode of its event.
        code: String,
        /// ErrorMessage of its event.
        message: String,
    },
    /// No event arrived in time.
    #[error("no SnapshotComplete event arrived within {seconds} s")]
    NoEvent {
        /// How long the demo waited.
        seconds: u64,
    },
    /// A call got no answer.
    #[error(transparent)]
    Http(#[from] ureq::Error),
}

impl From<ureq::Error> for CommandError {
    fn from(error: ureq::Error) -> Self {
        Self::Demo(error.into())
    }
}

impl CommandError {
    /// The exit status of the program, as `docs/cli.md` lists them.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::OptionValue { .. } | Self::InTheWay { .. } => 2,
            Self::Partial(_) => 3,
            Self::NoVideo(_) => 4,
            Self::AllVideos { exit_code, .. } | Self::Interrupted { exit_code, .. } => *exit_code,
            _ => 1,
        }
    }

    /// Whether nothing else of the run can succeed.
    pub(crate) fn ends_the_run(&self) -> bool {
        matches!(self, Self::Interrupted { .. } | Self::Stdout(_))
    }

    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
