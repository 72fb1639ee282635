//! [`UploadFiles`] in a folder of the data folder.

use crate::folder::{TEMPORARY_PREFIX, sync_folder};
use async_trait::async_trait;
use bytes::Bytes;
use service::ports::{PortError, PortResult, UploadFiles, UploadWriter, is_object_key};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

const PORT: &str = "upload files";

/// Uploaded files, each under its name. What is not finished lies with the temporary files, which
/// are removed when a server starts.
#[derive(Debug, Clone)]
pub(crate) struct UploadFolder {
    /// Canonical.
    pub(crate) path: PathBuf,
    /// On the same file system.
    pub(crate) temporary: PathBuf,
}

struct FileWriter {
    /// None after an error: what failed once is not gone on with.
    file: Option<NamedTempFile>,
    place: PathBuf,
}

impl UploadFolder {
    fn place(&self, name: &str) -> PortResult<PathBuf> {
        let is_name = is_object_key(name) && !name.contains('/') && !name.starts_with('.');
        let refused = || PortError::refused(PORT, "not the name of a file");
        is_name.then(|| self.path.join(name)).ok_or_else(refused)
    }
}

#[async_trait]
impl UploadFiles for UploadFolder {
    async fn begin(&self, name: &str) -> PortResult<Box<dyn UploadWriter>> {
        let (place, temporary) = (self.place(name)?, self.temporary.clone());
        let make = move || {
            Builder::new()
                .prefix(TEMPORARY_PREFIX)
                .tempfile_in(temporary)
        };
        let file = Some(blocking(make).await?);
        Ok(Box::new(FileWriter { file, place }))
    }

    async fn find(&self, name: &str) -> PortResult<Option<(String, u64)>> {
        let place = self.place(name)?;
        blocking(move || found(&place)).await
    }

    async fn used_bytes(&self) -> PortResult<u64> {
        let path = self.path.clone();
        let sum = move || {
            let mut bytes = 0;
            for entry in fs::read_dir(&path)? {
                match entry?.metadata() {
                    Ok(metadata) => bytes += metadata.len(),
                    Err(cause) if cause.kind() == ErrorKind::NotFound => {}
                    Err(cause) => return Err(cause),
                }
            }
            Ok(bytes)
        };
        blocking(sum).await
    }

    async fn free_bytes(&self) -> PortResult<Option<u64>> {
        let path = self.temporary.clone();
        let look = move || {
            let disk = rustix::fs::statvfs(&path)?;
            let all = disk.f_blocks.saturating_mul(disk.f_frsize);
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            Ok(Some(free.saturating_sub(reserve_bytes(all))))
        };
        blocking(look).await
    }

    async fn remove(&self, name: &str) -> PortResult<()> {
        let place = self.place(name)?;
        let remove = move || match fs::remove_file(&place) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
            _ => Ok(()),
        };
        blocking(remove).await
    }
}

/// What of a disk is left to the database, pictures and whatever else is written there.
fn reserve_bytes(disk_bytes: u64) -> u64 {
    const MOST: u64 = 1 << 30;
    MOST.min(disk_bytes / 20)
}

fn found(place: &Path) -> io::Result<Option<(String, u64)>> {
    let metadata = match fs::symlink_metadata(place) {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Err(ErrorKind::InvalidInput.into()),
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    let url = url::Url::from_file_path(place).map_err(|()| ErrorKind::InvalidInput)?;
    Ok(Some((url.into(), metadata.len())))
}

#[async_trait]
impl UploadWriter for FileWriter {
    async fn write(&mut self, bytes: Bytes) -> PortResult<()> {
        let gone = || PortError::refused(PORT, "the file was given up");
        let mut file = self.file.take().ok_or_else(gone)?;
        let write = move || file.write_all(&bytes).map(|()| file);
        self.file = Some(blocking(write).await?);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> PortResult<()> {
        let Self { file, place } = *self;
        let file = file.ok_or_else(|| PortError::refused(PORT, "the file was given up"))?;
        let finish = move || {
            file.as_file().sync_all()?;
            file.persist(&place).map_err(|refused| refused.error)?;
            place.parent().map_or(Ok(()), sync_folder)
        };
        blocking(finish).await
    }

    /// Dropped, it is removed.
    async fn discard(self: Box<Self>) {}
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> PortResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    let result = done.map_err(|cause| PortError::unavailable(PORT, cause))?;
    result.map_err(|cause| PortError::unavailable(PORT, cause))
}
