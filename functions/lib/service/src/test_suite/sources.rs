use crate::ports::{SourceError, Sources};

/// FileURLs laid out for a body of [`Sources`].
#[derive(Debug, Clone)]
pub struct Files {
    /// Of a file that may be read.
    pub readable: String,
    /// Its bytes.
    pub size_bytes: u64,
    /// Of nothing, where files may be read.
    pub missing: String,
    /// Of files that are there, where none may be read.
    pub outside: Vec<String>,
    /// Of nothing, where no file may be read.
    pub missing_outside: Vec<String>,
}

/// The promises of [`Sources`].
pub async fn sources(port: &dyn Sources, files: &Files) {
    let found = port.open(&files.readable).await.unwrap();
    assert_eq!(found.bytes(), files.size_bytes);
    let missing = port.open(&files.missing).await;
    // Whether it may come back is the source's own to say.
    let is_missing = matches!(missing, Err(SourceError::NotFound | SourceError::Missing));
    assert!(is_missing, "{missing:?}");
    for url in files.outside.iter().chain(&files.missing_outside) {
        let outside = port.open(url).await;
        assert!(
            matches!(outside, Err(SourceError::NotAllowed)),
            "{url}: {outside:?}"
        );
    }
}
