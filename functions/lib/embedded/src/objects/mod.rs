//! [`Objects`] in a folder: an object is a file whose path is its key.

mod folder;
mod key;
mod link;
mod way;

pub(crate) use folder::ObjectFolder;
pub use folder::{FileVersion, OpenObject};
pub(crate) use link::ObjectLinks;

use async_trait::async_trait;
use bytes::Bytes;
use key::ObjectKey;
use service::model::Job;
use service::picture_access::PictureAccess;
use service::ports::{KeyPage, Objects, PortError, PortResult};
use service::url_signature::UrlSignature;
use std::io::{self, Read};
use std::sync::Arc;

const PORT: &str = "objects";

/// The pictures of one data folder.
#[derive(Clone)]
pub(crate) struct ObjectStore {
    pub(crate) folder: Arc<ObjectFolder>,
    pub(crate) links: Arc<ObjectLinks>,
    pub(crate) access: PictureAccess,
}

#[async_trait]
impl Objects for ObjectStore {
    /// The content type is not kept: it follows from the key's ending.
    async fn put(&self, key: &str, _content_type: &'static str, body: Bytes) -> PortResult<()> {
        self.with(key, move |folder, key| folder.write(key, &body))
            .await
    }

    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        let read = |folder: &ObjectFolder, key: &ObjectKey| {
            let Some(mut object) = folder.open(key)? else {
                return Ok(None);
            };
            let mut bytes = Vec::with_capacity(usize::try_from(object.len).unwrap_or_default());
            object.file.read_to_end(&mut bytes)?;
            Ok(Some(Bytes::from(bytes)))
        };
        self.with(key, read).await
    }

    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        self.with(key, |folder, key| {
            Ok(folder.open(key)?.map(|object| object.len))
        })
        .await
    }

    async fn delete(&self, key: &str) -> PortResult<()> {
        self.with(key, ObjectFolder::remove).await
    }

    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        self.remove_all(keys.to_vec()).await
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        let (prefix, after) = (prefix.to_owned(), after.unwrap_or_default().to_owned());
        self.with(prefix.trim_end_matches('/'), {
            let prefix = prefix.clone();
            move |folder, _| folder.list(&prefix, &after)
        })
        .await
    }

    fn public_url(&self, key: &str) -> String {
        self.links.public(key)
    }

    async fn signed_url(&self, key: &str, expires_ms: i64) -> PortResult<String> {
        Ok(self.links.signed(key, expires_ms))
    }

    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        Ok(self.links.verify(scope, signature))
    }

    fn access(&self) -> PictureAccess {
        self.access
    }
}

impl ObjectStore {
    async fn with<T: Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce(&ObjectFolder, &ObjectKey) -> io::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        let key = ObjectKey::parse(key).map_err(|cause| PortError::refused(PORT, cause))?;
        self.blocking(move |folder| work(folder, &key)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ObjectFolder) -> io::Result<T> + Send + 'static,
    ) -> PortResult<T> {
        let folder = self.folder.clone();
        let working = tokio::task::spawn_blocking(move || work(&folder)).await;
        let result = working.map_err(|cause| PortError::unavailable(PORT, cause))?;
        result.map_err(|cause| PortError::unavailable(PORT, cause))
    }

    /// Removes the objects under these keys, those that are there.
    pub(crate) async fn remove_all(&self, keys: Vec<String>) -> PortResult<()> {
        let keys: Result<Vec<_>, _> = keys.iter().map(|key| ObjectKey::parse(key)).collect();
        let keys = keys.map_err(|cause| PortError::refused(PORT, cause))?;
        self.blocking(move |folder| folder.remove_all(&keys)).await
    }

    /// The names of the folders below the root.
    pub(crate) async fn top_folders(&self) -> PortResult<Vec<String>> {
        self.blocking(ObjectFolder::top_folders).await
    }

    /// Removes all that was written for these jobs.
    pub(crate) async fn remove_jobs(&self, jobs: Vec<Job>) -> PortResult<()> {
        let remove = move |folder: &ObjectFolder| {
            let prefixes = jobs.iter().flat_map(service::pictures::prefixes);
            prefixes
                .into_iter()
                .try_for_each(|prefix| folder.remove_below(&prefix))
        };
        self.blocking(remove).await
    }

    /// The object for the HTTP server; a key that is none has no object. Blocks.
    pub(crate) fn open_for_reading(&self, key: &str) -> io::Result<Option<OpenObject>> {
        ObjectKey::parse(key).map_or(Ok(None), |key| self.folder.open(&key))
    }
}
