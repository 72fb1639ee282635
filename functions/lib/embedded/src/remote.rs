//! Files of other machines, where an operator named those.

use service::ports::SourceError;
use source::RangeSource;
use std::fmt::Debug;
use std::sync::Arc;

/// Reads files over HTTP. Whoever implements it decides which hosts are called.
pub trait RemoteFiles: Debug + Send + Sync {
    /// The file at an http(s) URL. Blocks.
    ///
    /// # Errors
    /// It is not there, or may not be read.
    fn open(&self, url: &str) -> Result<Arc<dyn RangeSource>, SourceError>;
}

/// Whether a FileURL names a file of another machine.
pub(crate) fn is_remote(file_url: &str) -> bool {
    let scheme = file_url.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}
