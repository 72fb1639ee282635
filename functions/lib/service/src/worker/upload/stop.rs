//! Why a download comes to no file.

use crate::pictures::Interrupted;
use crate::ports::PortError;
use contract::error::ErrorCode;

/// Why a URL has become no file.
pub(super) enum CopyStop {
    /// For what has nothing to do with a download, or for ever.
    Run(Interrupted),
    /// It was asked, and gave none this time.
    NoFile(String),
    /// Its bytes came, and could not be kept this time.
    NotStored(PortError),
}

impl CopyStop {
    /// Where nothing was asked of the URL yet: it costs nothing to wait.
    pub(super) fn before_download(self) -> Self {
        match self {
            Self::NotStored(cause) => Self::Run(cause.into()),
            other => other,
        }
    }
}

impl From<Interrupted> for CopyStop {
    fn from(stop: Interrupted) -> Self {
        Self::Run(stop)
    }
}

/// The end of an upload that comes to no file.
pub(super) fn no_file(code: ErrorCode, cause: &str) -> Interrupted {
    // As it stands: it may begin with a name that is spelt in lower case.
    let message = format!("No file could be downloaded: {cause}.");
    Interrupted::failed(code, message)
}
